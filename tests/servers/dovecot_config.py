"""The configuration file of the private Dovecot; the starting of it is in `dovecot.py`."""

from __future__ import annotations

import getpass
import grp
import os
import pwd
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

#: What Dovecot 2.3 announces after login; `Setup.without` takes words out of it.
CAPABILITIES = (
    "IMAP4rev1 SASL-IR LOGIN-REFERRALS ID ENABLE IDLE SORT SORT=DISPLAY THREAD=REFERENCES THREAD=REFS "
    "THREAD=ORDEREDSUBJECT MULTIAPPEND URL-PARTIAL CATENATE UNSELECT CHILDREN NAMESPACE UIDPLUS LIST-EXTENDED "
    "I18NLEVEL=1 CONDSTORE QRESYNC ESEARCH ESORT SEARCHRES WITHIN CONTEXT=SEARCH LIST-STATUS BINARY MOVE SNIPPET=FUZZY "
    "PREVIEW=FUZZY PREVIEW STATUS=SIZE SAVEDATE LITERAL+ NOTIFY SPECIAL-USE"
)

SPECIAL = {
    "Gesendet": "Sent",
    "Entwürfe": "Drafts",
    "Papierkorb": "Trash",
    "Spam": "Junk",
    "Archiv": "Archive",
}


@dataclass(frozen=True)
class Setup:
    """What kind of server it shall be.

    `without`: capabilities it does not announce. `separator`, `prefix`: of the one namespace. `special_use`: tell by
    RFC 6154 attributes what the German folders of `SPECIAL` are for. `acl`: access control lists work. `quota`: such as
    "100k". `bare`: there is no folder beside the inbox before one is made. `extra`: more lines for dovecot.conf.
    """

    without: Collection[str] = ()
    separator: str = "/"
    prefix: str = ""
    special_use: bool = True
    acl: bool = False
    quota: str = ""
    bare: bool = False
    password: str = "geheim"
    extra: str = ""


def owner() -> pwd.struct_passwd:
    """Whose mail it is: Dovecot never opens root's."""
    return pwd.getpwnam("nobody" if os.geteuid() == 0 else getpass.getuser())


def configuration(setup: Setup, directory: Path, port: int, tls_port: int) -> str:
    """The text of dovecot.conf. Everything it names lies in `directory`."""
    login, internal = ("dovenull", "dovecot") if os.geteuid() == 0 else (owner().pw_name, owner().pw_name)
    chroot = "login" if os.geteuid() == 0 else ""
    group = grp.getgrgid(pwd.getpwnam(internal).pw_gid).gr_name
    return f"""
base_dir = {directory}/run
state_dir = {directory}/state
instance_name = {directory.name}
log_path = {directory}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {group}
default_login_user = {login}
ssl = yes
ssl_cert = <{directory}/cert.pem
ssl_key = <{directory}/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain
auth_username_chars =
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_max_userip_connections = 200
mail_fsync = never
{_announced(setup)}
{_mailboxes(setup)}
{_plugins(setup)}
passdb {{
  driver = static
  args = password={setup.password}
}}
userdb {{
  driver = static
  args = uid={owner().pw_uid} gid={owner().pw_gid} home={directory}/home/%u
}}
service imap-login {{
  chroot = {chroot}
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
{setup.extra}
"""


def _announced(setup: Setup) -> str:
    if not setup.without:
        return ""
    return "imap_capability = " + " ".join(word for word in CAPABILITIES.split() if word not in setup.without)


def _mailboxes(setup: Setup) -> str:
    special = ""
    for name, use in () if setup.bare else SPECIAL.items():
        attribute = f"special_use = \\{use}" if setup.special_use else ""
        special += f"  mailbox {name} {{\n    auto = create\n    {attribute}\n  }}\n"
    return f"""
namespace inbox {{
  inbox = yes
  separator = {setup.separator}
  prefix = {setup.prefix}
{special}
}}
"""


def _plugins(setup: Setup) -> str:
    wanted = [name for name, is_wanted in (("acl", setup.acl), ("quota", bool(setup.quota))) if is_wanted]
    quota = (
        f"  quota = count:User\n  quota_vsizes = yes\n  quota_rule = *:storage={setup.quota}"
        if setup.quota
        else ""
    )
    return f"""
mail_plugins = {" ".join(wanted)}
protocol imap {{
  mail_plugins = {" ".join([*wanted, *(f"imap_{name}" for name in wanted)])}
}}
plugin {{
  acl = vfile
{quota}
}}
"""
