"""Where a run may write at all, whatever the plan says (DESIGN sections 4 and 7)."""

from __future__ import annotations

from pathlib import Path

from agent.errors import ItError
from agent.outcomes import ExitCode
from agent.workflow.request import Ports


def refuse_unsafe(root: Path, ports: Ports) -> None:
    """Refuse to write where writing could do harm beyond the files that it is about.

    An elevated run below a folder that ordinary users write could be led elsewhere by a link that
    one of them puts there meanwhile; and on a shared server a repair touches everybody's work.

    Args:
        root: canonical.
        ports: the world.

    Raises:
        ItError: ``elevated-in-open-folder`` or ``shared-server``.
    """
    if ports.host.multi_session:
        raise ItError("shared-server", ExitCode.NEEDS_PERSON, root=str(root))
    if ports.host.elevated and ports.pc.rights.ordinary_can_write(str(root)):
        raise ItError("elevated-in-open-folder", ExitCode.NEEDS_PERSON, root=str(root))
