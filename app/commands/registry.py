"""Every command of the app: id, keys, title, help; bindings, palette, footer and help page come from here.

It says what a command is called and how it is reached, never what it does: screens bring the handlers, and a command
without a handler on the screen in front is neither shown nor offered. Which keys a rep has given to them instead, the key map
says. A leaf: it imports no room.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.language import N_


@dataclass(frozen=True, slots=True)
class Command:
    """`keys`: alternatives, each one key or a chord of keys parted by a space ("g m").

    `place` is where the keys mean this. `hint` is the word in the footer (empty: never there), `rank` its order there,
    smallest first. `title`, `hint` and `help` are source texts.
    """

    id: str
    place: str
    keys: tuple[str, ...]
    title: str
    hint: str = ""
    rank: int = 50
    help: str = ""


#: Places as the help page names them, in its order. Keys of an earlier place win on a screen that has both.
PLACES: dict[str, str] = {
    "list": N_("Mail list"),
    "reading": N_("Reading"),
    "folders": N_("Folders"),
    "search": N_("Search line"),
    "mail": N_("Triage"),
    "ledger": N_("Sync ledger"),
    "board": N_("Board"),
    "leads": N_("Leads"),
    "chances": N_("Opportunities"),
    "cards": N_("Board and list"),
    "history": N_("History of a record"),
    "records": N_("Contacts, leads and tasks"),
    "tasks": N_("Task list"),
    "overviews": N_("Overviews"),
    "settings": N_("Settings"),
    "table": N_("List"),
    "outbox": N_("Outbox"),
    "files": N_("Attached files"),
    "compose": N_("Writing"),
    "everywhere": N_("Everywhere"),
}

COMMANDS: tuple[Command, ...] = (
    # -- the list
    Command("list.down", "list", ("j", "down"), N_("Next line")),
    Command("list.up", "list", ("k", "up"), N_("Previous line")),
    Command("list.page_down", "list", ("pagedown", "ctrl+f"), N_("Next page")),
    Command("list.page_up", "list", ("pageup", "ctrl+b"), N_("Previous page")),
    Command("list.first", "list", ("home", "g g"), N_("To the first mail")),
    Command("list.last", "list", ("end", "G"), N_("To the last mail")),
    Command("list.open", "list", ("enter", "right"), N_("Open mail"), N_("open"), 60),
    Command("list.folders", "list", ("left", "h"), N_("To the folders"), N_("folders"), 62),
    Command("mail.select", "list", ("space",), N_("Select mail"), N_("select"), 58),
    Command("mail.select_all", "list", ("*",), N_("Select all shown mails")),
    # -- reading
    Command("reading.down", "reading", ("j", "down"), N_("Scroll down")),
    Command("reading.up", "reading", ("k", "up"), N_("Scroll up")),
    Command("reading.page_down", "reading", ("pagedown", "space", "ctrl+f"), N_("Next page")),
    Command("reading.page_up", "reading", ("pageup", "ctrl+b"), N_("Previous page")),
    Command("reading.first", "reading", ("home", "g g"), N_("To the beginning")),
    Command("reading.last", "reading", ("end", "G"), N_("To the end")),
    Command("reading.next", "reading", ("J", "right"), N_("Next mail"), N_("next mail"), 34),
    Command("reading.previous", "reading", ("K",), N_("Previous mail")),
    Command("reading.close", "reading", ("left", "h", "escape"), N_("Back to the list"), N_("list"), 61),
    Command("reading.fold", "mail", ("z",), N_("Quotes and signatures"), N_("quotes"), 59),
    Command("reading.headers", "mail", ("H",), N_("All header fields")),
    Command("reading.source", "mail", ("#",), N_("Show the raw source"), "", 63),
    Command("reading.attachments", "mail", ("a",), N_("Attachments: save or read"), N_("attachments"), 57),
    Command("reading.thread", "mail", ("y",), N_("Other mails of the thread")),
    # -- folders
    Command("folders.down", "folders", ("j", "down"), N_("Next folder")),
    Command("folders.up", "folders", ("k", "up"), N_("Previous folder")),
    Command("folders.first", "folders", ("home", "pageup", "g g"), N_("To the first folder")),
    Command("folders.last", "folders", ("end", "pagedown", "G"), N_("To the last folder")),
    Command("folders.open", "folders", ("enter", "right", "l", "space"), N_("Open folder"), N_("open"), 10),
    Command("folders.close", "folders", ("escape",), N_("Back to the list"), N_("back"), 11),
    # -- the search line
    Command("search.cancel", "search", ("escape",), N_("Back to the previous list"), N_("cancel"), 2),
    Command("search.done", "search", ("down",), N_("To the mails found"), N_("to the mails found"), 1),
    # -- triage, on the selection or on the mail under the cursor
    Command("mail.link", "mail", ("l",), N_("Link with a record"), N_("link"), 10),
    Command("mail.link_thread", "mail", ("T",), N_("Link rest of the thread")),
    Command("mail.unlink", "mail", ("X",), N_("Take a link away")),
    Command("mail.lead", "mail", ("L",), N_("New lead from this mail"), N_("lead"), 11),
    Command("mail.task", "mail", ("t",), N_("New task from this mail"), N_("task"), 12),
    Command("mail.follow_up", "mail", ("b",), N_("Put on follow-up")),
    Command("mail.contact", "mail", ("C",), N_("New contact from this mail")),
    Command("mail.comment", "mail", ("c",), N_("Comment"), N_("comment"), 30),
    Command("mail.mark", "mail", ("m",), N_("Coloured mark"), N_("mark"), 31),
    Command("mail.reply", "mail", ("r",), N_("Reply"), N_("reply"), 13),
    Command("mail.reply_all", "mail", ("R",), N_("Reply to all")),
    Command("mail.forward", "mail", ("f",), N_("Forward"), N_("forward"), 33),
    Command("mail.write", "mail", ("w",), N_("Write a mail"), N_("write"), 32),
    Command("mail.archive", "mail", ("e",), N_("Move to the archive"), N_("archive"), 14),
    Command("mail.move", "mail", ("v",), N_("Move to another folder"), N_("move"), 35),
    Command("mail.delete", "mail", ("d", "delete"), N_("Delete"), N_("delete"), 36),
    Command("mail.spam", "mail", ("!",), N_("Move to spam")),
    Command("mail.seen", "mail", ("U",), N_("Mark as read or unread")),
    Command("mail.flag", "mail", ("i",), N_("Mark as important or not")),
    Command("mail.undo", "mail", ("u",), N_("Undo the last step"), N_("undo"), 16),
    Command("mail.next_unprocessed", "mail", ("n",), N_("Next unprocessed mail"), N_("next"), 15),
    # -- what is shown
    Command("view.unprocessed", "mail", ("N",), N_("Unprocessed mail only"), N_("unprocessed"), 37),
    Command("view.search", "mail", ("/",), N_("Search"), N_("search"), 17),
    Command("view.filter", "mail", ("F",), N_("Filter the list"), N_("filter"), 38),
    Command(
        "view.clear",
        "list",
        ("escape", "backspace"),
        N_("Clear selection, filter"),
        N_("show all"),
        9,
    ),
    Command("view.sort", "mail", ("o",), N_("Sort")),
    Command("sync.now", "mail", ("s",), N_("Sync all mailboxes now"), N_("sync"), 39),
    # -- the outbox
    Command(
        "outbox.open",
        "outbox",
        ("enter", "right"),
        N_("Go on writing, or read"),
        N_("open"),
        10,
    ),
    Command("outbox.take_back", "outbox", ("u",), N_("Take back and change"), N_("take back"), 11),
    Command("outbox.retry", "outbox", ("r",), N_("Send again now"), N_("repeat"), 12),
    Command("outbox.is_sent", "outbox", ("i",), N_("It has arrived"), N_("arrived"), 13),
    Command("outbox.drop", "outbox", ("d", "delete"), N_("Remove from the outbox"), N_("remove"), 14),
    Command("outbox.close", "outbox", ("escape", "q", "left"), N_("Back"), N_("back"), 15),
    # -- writing; keys that no editor and no terminal keeps for itself
    Command("files.down", "files", ("down",), N_("Next file")),
    Command("files.up", "files", ("up",), N_("Previous file")),
    Command("files.remove", "files", ("delete",), N_("Do not send along"), N_("remove"), 8),
    Command("compose.send", "compose", ("f2", "ctrl+t"), N_("Send"), N_("send"), 10),
    Command("compose.attach", "compose", ("f3", "ctrl+o"), N_("Attach a file"), N_("file"), 11),
    Command("compose.copies", "compose", ("f4", "ctrl+b"), N_("Copies: Cc and Bcc"), N_("copies"), 12),
    Command(
        "compose.sender", "compose", ("f5", "ctrl+r"), N_("Write from another address"), N_("sender"), 14
    ),
    Command("compose.editor", "compose", ("f6", "ctrl+g"), N_("Text in your own editor"), N_("editor"), 15),
    Command("compose.discard", "compose", ("f8",), N_("Throw the draft away"), N_("throw away"), 16),
    Command("compose.save", "compose", ("ctrl+s",), N_("Save the draft now")),
    Command("compose.leave", "compose", ("escape",), N_("Back; the draft is kept"), N_("back"), 13),
    # -- the sync ledger
    Command(
        "ledger.open",
        "ledger",
        ("enter",),
        N_("Sync or list the skipped"),
        N_("open"),
        14,
    ),
    Command("ledger.sync", "ledger", ("s",), N_("Sync all mailboxes now"), N_("sync all"), 10),
    Command("ledger.retry", "ledger", ("r",), N_("Try a change again"), N_("try again"), 11),
    Command("ledger.drop", "ledger", ("d", "delete"), N_("Take a refused change back"), N_("take back"), 12),
    Command("ledger.connect", "ledger", ("a",), N_("Connect a mailbox"), N_("connect"), 13),
    Command("ledger.edit", "ledger", ("e",), N_("Choose its folders"), N_("folders"), 15),
    Command("ledger.change", "ledger", ("E",), N_("Change how it is reached"), N_("change"), 16),
    Command("ledger.remove", "ledger", ("D",), N_("Remove this mailbox")),
    # -- boards, and the lists beside them
    Command("board.left", "board", ("h", "left"), N_("Column on the left")),
    Command("board.right", "board", ("l", "right"), N_("Column on the right")),
    Command("cards.move_right", "cards", ("L",), N_("Move the card to the right")),
    Command("cards.move_left", "cards", ("H",), N_("Move the card to the left")),
    Command("cards.select", "cards", ("space",), N_("Select"), N_("select"), 58),
    Command("cards.select_all", "cards", ("*",), N_("Select all shown")),
    Command("cards.view", "cards", ("v",), N_("Board or list"), N_("board, list"), 20),
    Command("cards.filter", "cards", ("F",), N_("Filter, saved filters"), N_("filter"), 21),
    Command("cards.sort", "cards", ("o",), N_("Sort the list")),
    Command("cards.columns", "cards", ("c",), N_("Columns of the list")),
    Command("cards.clear", "cards", ("escape", "backspace"), N_("Clear selection, filter"), N_("back"), 60),
    # -- leads
    Command("leads.assign", "leads", ("a",), N_("Assign or distribute"), N_("assign"), 11),
    Command("leads.take_back", "leads", ("z",), N_("Give back"), N_("give back"), 13),
    Command("leads.finish", "leads", ("x",), N_("Finish"), N_("finish"), 11),
    Command("leads.reopen", "leads", ("O",), N_("Reopen"), N_("reopen"), 11),
    # -- the history of a record, on its page and in lists
    Command("history.note", "history", ("n",), N_("Write a note"), N_("note"), 20),
    Command("history.call", "history", ("p",), N_("Log a call"), N_("call"), 21),
    Command("history.write", "history", ("w",), N_("Write a mail to the contact"), N_("write"), 22),
    Command("history.task", "history", ("t",), N_("New task"), N_("task"), 23),
    Command("history.follow_up", "history", ("b",), N_("Follow-up"), N_("follow-up"), 24),
    Command("history.document", "history", ("D",), N_("Add a document"), N_("document"), 25),
    # -- contacts, leads and tasks
    Command("records.open", "records", ("enter", "right"), N_("Open"), N_("open"), 10),
    Command("records.new", "records", ("+",), N_("New"), N_("new"), 11),
    Command("records.edit", "records", ("e",), N_("Edit"), N_("edit"), 12),
    Command("records.done", "records", ("x",), N_("Task: done"), N_("done"), 13),
    Command("records.reopen", "records", ("O",), N_("Open again"), N_("open again"), 13),
    Command("records.merge", "records", ("M",), N_("Merge two into one"), N_("merge"), 40),
    Command("records.undo", "records", ("u",), N_("Undo the last step"), N_("undo"), 16),
    Command("records.find", "records", ("/",), N_("Search"), N_("search"), 14),
    # -- the personal task list
    Command("tasks.open", "tasks", ("enter", "right"), N_("Open"), N_("open"), 10),
    Command("tasks.finish", "tasks", ("x",), N_("Finish"), N_("done"), 11),
    Command("tasks.postpone", "tasks", ("v",), N_("Put off to another day"), N_("postpone"), 12),
    Command("tasks.tomorrow", "tasks", ("m",), N_("Put off to tomorrow"), N_("tomorrow"), 13),
    Command("tasks.pass_on", "tasks", ("a",), N_("Pass on to a colleague"), N_("pass on"), 14),
    Command("tasks.undo", "tasks", ("u",), N_("Undo the last step"), N_("undo"), 15),
    Command("tasks.new", "tasks", ("+", "t"), N_("New task"), N_("new"), 16),
    Command("tasks.edit", "tasks", ("e",), N_("Edit"), N_("edit"), 19),
    Command("tasks.reopen", "tasks", ("O",), N_("Open again"), N_("open again"), 11),
    Command("tasks.find", "tasks", ("/",), N_("Search"), N_("search"), 17),
    Command("tasks.filter", "tasks", ("F",), N_("Filter the list"), N_("filter"), 18),
    # -- overviews
    Command("overviews.open", "overviews", ("enter",), N_("Open"), N_("open"), 10),
    Command("overviews.filter", "overviews", ("F",), N_("Filter the overview"), N_("filter"), 12),
    Command("overviews.all", "overviews", ("backspace",), N_("Without the filter"), N_("show all"), 11),
    Command(
        "overviews.next", "overviews", ("tab", "right", "l"), N_("Next overview"), N_("next overview"), 13
    ),
    Command("overviews.previous", "overviews", ("left", "h"), N_("Previous overview")),
    Command("overviews.export", "overviews", ("E",), N_("Write a CSV file"), N_("CSV file"), 14),
    Command("overviews.chart", "overviews", ("v",), N_("With or without bars"), N_("bars"), 15),
    Command("overviews.leads", "overviews", ("1",), N_("Leads by state")),
    Command("overviews.funnel", "overviews", ("2",), N_("Funnel")),
    Command("overviews.load", "overviews", ("3",), N_("What assignees have to do")),
    Command("overviews.reasons", "overviews", ("4",), N_("Why leads failed")),
    Command("overviews.opportunities", "overviews", ("5",), N_("Opportunities by month")),
    # -- the team's settings
    Command("settings.edit", "settings", ("enter", "e"), N_("Change"), N_("change"), 10),
    Command("settings.new", "settings", ("+",), N_("New"), N_("new"), 11),
    Command("settings.toggle", "settings", ("d",), N_("Deactivate or activate"), N_("on/off"), 12),
    Command("settings.later", "settings", ("J",), N_("Move down"), N_("down"), 20),
    Command("settings.earlier", "settings", ("K",), N_("Move up"), N_("up"), 21),
    Command("settings.next", "settings", ("tab", "l", "right"), N_("Next list"), N_("next list"), 13),
    Command("settings.previous", "settings", ("h", "left"), N_("Previous list")),
    Command("settings.members", "settings", ("1",), N_("Members")),
    Command("settings.reasons", "settings", ("2",), N_("Reasons")),
    Command("settings.stages", "settings", ("3",), N_("Stages")),
    Command("settings.campaigns", "settings", ("4",), N_("Campaigns")),
    # -- opportunities
    Command("chances.pass_on", "chances", ("a",), N_("Pass on with a note"), N_("pass on"), 13),
    Command("chances.close", "chances", ("x",), N_("Close: won or lost"), N_("close it"), 14),
    Command("chances.reopen", "chances", ("O",), N_("Reopen"), N_("reopen"), 15),
    Command("chances.sums", "chances", ("m",), N_("Sums by month and stage"), N_("sums"), 22),
    # -- lists
    Command("table.down", "table", ("j", "down"), N_("Next line")),
    Command("table.up", "table", ("k", "up"), N_("Previous line")),
    Command("table.page_down", "table", ("pagedown", "space", "ctrl+f"), N_("Next page")),
    Command("table.page_up", "table", ("pageup", "ctrl+b"), N_("Previous page")),
    Command("table.first", "table", ("home", "g g"), N_("To the first line")),
    Command("table.last", "table", ("end", "G"), N_("To the last line")),
    Command("table.close", "table", ("escape",), N_("Back"), N_("back"), 60),
    # -- everywhere
    Command("place.mail", "everywhere", ("g m",), N_("Go to mail")),
    Command("place.ledger", "everywhere", ("g s",), N_("Go to the sync ledger")),
    Command("place.contacts", "everywhere", ("g c",), N_("Go to contacts")),
    Command("place.leads", "everywhere", ("g l",), N_("Go to leads")),
    Command("place.tasks", "everywhere", ("g t",), N_("Go to tasks")),
    Command("place.overviews", "everywhere", ("g b",), N_("Go to overviews")),
    Command("place.opportunities", "everywhere", ("g v",), N_("Go to opportunities")),
    Command("place.belonging", "everywhere", ("B",), N_("Open what belongs to it"), N_("belongs to it"), 15),
    Command("place.outbox", "everywhere", ("g o",), N_("Go to the outbox")),
    Command("place.settings", "everywhere", ("g e",), N_("Go to the settings")),
    Command("app.reminder", "everywhere", ("g r",), N_("Open the reminder")),
    Command("app.mailbox", "everywhere", ("g a",), N_("Connect a mailbox")),
    Command("app.palette", "everywhere", ("ctrl+p", ":"), N_("All commands"), "", 98),
    Command("app.help", "everywhere", ("?", "f1"), N_("All keys"), N_("help"), 99),
    Command("app.redraw", "everywhere", ("ctrl+l",), N_("Draw the screen again")),
    Command("app.back", "everywhere", ("q",), N_("Back, at last quit")),
    Command("app.quit", "everywhere", ("ctrl+q", "ctrl+c"), N_("Quit")),
)

BY_ID: dict[str, Command] = {command.id: command for command in COMMANDS}
