"""`postkorb member`: who is in the team; the rules are the services'."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.front import Front, front_of
from app.cli.options import Json
from app.cli.output import Column, print_json, print_json_rows, print_table, say, write_line
from app.cli.parser import Verb, verbs
from app.cli.wrong_usage import wrong_values
from app.language import _

if TYPE_CHECKING:
    from app.domain.team.members import Member
    from app.services.team.membership import HandOver, MemberChange

app = verbs("The team: add members, change, list, deactivate them.")

Login = Annotated[str, typer.Argument(metavar="LOGIN", help="The login name of a member.")]
Addresses = Annotated[
    list[str] | None,
    typer.Option("--address", metavar="ADDRESS", help="E-mail address; may be repeated."),
]
PassTo = Annotated[
    str, typer.Option("--pass-to", metavar="LOGIN", help="Who is given the open leads, tasks, opportunities.")
]
TakeBack = Annotated[
    bool,
    typer.Option("--take-back", help="Open leads are new again; the tasks and opportunities come to you."),
]


@app.command(cls=Verb)
def add(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="First and last name.")],
    login: Annotated[str, typer.Option("--login", metavar="LOGIN", help="The login name on the machine.")],
    address: Addresses = None,
    role: Annotated[
        str, typer.Option("--role", metavar="ROLE", help="rep, admin or privacy (privacy officer).")
    ] = "rep",
    as_json: Json = False,
) -> None:
    """Take somebody into the team."""
    from app.domain.team.membership import read_role
    from app.services.team.membership import add_member

    front = front_of(ctx)
    with wrong_values():
        added = add_member(
            front.store, name, login, address or (), read_role(role), author=front.author, now=front.now()
        )
    _tell(added, as_json)


@app.command("list", cls=Verb)
def list_members(ctx: typer.Context, as_json: Json = False) -> None:
    """List them by name, those who are active first."""
    from app.domain.team.membership import role_words
    from app.services.team.acting import team

    found = team(front_of(ctx).store)
    if as_json:
        print_json_rows(map(member_json, found))
    elif found:
        columns = (
            Column(_("Login"), 18),
            Column(_("Name"), 24),
            Column(_("Role"), 15),
            Column(_("Active"), 6),
            Column(_("E-mail"), 0),
        )
        words = role_words()
        print_table(
            columns,
            (
                (m.login, m.name, words[m.role], _("yes") if m.active else _("no"), ", ".join(m.addresses))
                for m in found
            ),
        )
    else:
        say(_("Nobody is in the team yet; the first who changes something becomes its admin."))


@app.command(cls=Verb)
def change(
    ctx: typer.Context,
    login: Login,
    name: Annotated[str | None, typer.Option("--name", metavar="NAME", help="First and last name.")] = None,
    address: Addresses = None,
    role: Annotated[
        str | None, typer.Option("--role", metavar="ROLE", help="rep, admin or privacy (privacy officer).")
    ] = None,
    pass_to: PassTo = "",
    take_back: TakeBack = False,
    as_json: Json = False,
) -> None:
    """Change what is named, the rest stays; --address "" takes the addresses away."""
    from app.domain.team.membership import read_role
    from app.services.team.membership import MemberChange

    if name is None and address is None and role is None:
        raise typer.BadParameter(_("name what to change with one of the options"))
    with wrong_values():
        wanted = MemberChange(name, address, None if role is None else read_role(role))
    _tell(_changed(front_of(ctx), login, wanted, _hand_over(pass_to, take_back)), as_json)


@app.command(cls=Verb)
def deactivate(
    ctx: typer.Context, login: Login, pass_to: PassTo = "", take_back: TakeBack = False, as_json: Json = False
) -> None:
    """Let somebody work no longer; what they did keeps their name, what they were to do is passed on or taken back."""
    from app.services.team.membership import MemberChange

    changed = _changed(front_of(ctx), login, MemberChange(active=False), _hand_over(pass_to, take_back))
    _tell(changed, as_json)


@app.command(cls=Verb)
def activate(ctx: typer.Context, login: Login, as_json: Json = False) -> None:
    """Let somebody work again."""
    from app.services.team.membership import MemberChange

    _tell(_changed(front_of(ctx), login, MemberChange(active=True)), as_json)


def member_json(member: Member) -> dict[str, Any]:
    """A member as scripts read it."""
    return {
        "login": member.login,
        "name": member.name,
        "addresses": list(member.addresses),
        "role": member.role.value,
        "active": member.active,
    }


def _changed(front: Front, login: str, change: MemberChange, hand_over: HandOver | None = None) -> Member:
    from app.services.team.membership import change_member

    with wrong_values():
        return change_member(
            front.store, login, change, author=front.author, now=front.now(), hand_over=hand_over
        )


def _hand_over(pass_to: str, take_back: bool) -> HandOver | None:
    """What is to become of open work; None while nobody has said it."""
    from app.services.team.membership import HandOver

    return HandOver(pass_to, take_back) if pass_to or take_back else None


def _tell(member: Member, as_json: bool) -> None:
    if as_json:
        print_json(member_json(member))
        return
    from app.domain.team.membership import role_words

    line = f"{member.login}  {member.name}, {role_words()[member.role]}"
    write_line(line if member.active else f"{line}, {_('no longer active')}")
