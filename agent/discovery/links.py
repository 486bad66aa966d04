"""Links on the way to a place: which of them an elevated run does not follow.

A link may lead to a share of a stranger, and opening that logs the account of an elevated run on
to it. So a link is followed only where ordinary users could not have made it. Links that lie on a
share are no matter here, for Windows follows none of them:
https://learn.microsoft.com/windows-server/administration/windows-commands/fsutil-behavior
"""

from __future__ import annotations

from agent.discovery.command_lines import is_share
from agent.discovery.probing import Inquiry


def leads_astray(inquiry: Inquiry, path: str) -> bool:
    """Whether a link that ordinary users could have made is on the way to a place, or stands there.

    Looks at one part of the path after the other, never through a link that is in doubt. A part
    that may not be seen can still be gone through, so it counts as a link:
    https://learn.microsoft.com/windows/security/threat-protection/security-policy-settings/bypass-traverse-checking

    Args:
        inquiry: its disks and rights are asked.
        path: absolute.
    """
    disks, rights = inquiry.pc.disks, inquiry.pc.rights
    meant = _without_alias(inquiry, path)
    pure = disks.flavour(meant)
    for place in reversed((pure, *pure.parents)):
        if place.parent == place or is_share(meant):
            continue
        try:
            may_lead = disks.entry(str(place)).is_link
        except (FileNotFoundError, NotADirectoryError):
            return False
        except OSError:
            may_lead = True
        if may_lead and rights.ordinary_can_write(str(place.parent)):
            return True
    return False


def _without_alias(inquiry: Inquiry, path: str) -> str:
    """A path on a letter that stands for a folder (`subst`), by that folder."""
    drive = (inquiry.drives or {}).get(path[:2].upper())
    alias = drive.alias_of if drive is not None else None
    return path if alias is None else alias.rstrip("\\") + path[2:]
