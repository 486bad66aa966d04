"""What is different between two manifests: what came, went, changed, and what only moved."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agent.manifest.limits import NOT_RECORDED
from agent.manifest.names import fold
from agent.model import Manifest, ManifestFile


@dataclass(frozen=True, slots=True)
class ManifestDifference:
    """The way from one manifest to another; every list is sorted by path."""

    came: tuple[ManifestFile, ...]
    went: tuple[ManifestFile, ...]
    changed: tuple[tuple[ManifestFile, ManifestFile], ...]
    """Same path, other content or role: before and after."""
    moved: tuple[tuple[ManifestFile, ManifestFile], ...]
    """Same content under another path: before and after. In neither `came` nor `went`."""
    same: int
    """Number of files with the same path, content and role."""
    directories_came: tuple[str, ...]
    directories_went: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether both say the same."""
        return not (
            self.came
            or self.went
            or self.changed
            or self.moved
            or self.directories_came
            or self.directories_went
        )


def difference(a: Manifest, b: Manifest) -> ManifestDifference:
    """What changed from `a` to `b`."""
    before, after = _by_key(a), _by_key(b)
    both = [(before[key], after[key]) for key in before.keys() & after.keys()]
    changed = [(old, new) for old, new in both if _says(old) != _says(new)]
    went = [before[key] for key in before.keys() - after.keys()]
    came = [after[key] for key in after.keys() - before.keys()]
    moved = _moved(went, came)
    gone, new_places = {old.path for old, _ in moved}, {new.path for _, new in moved}
    folders_a, folders_b = _folders(a), _folders(b)
    return ManifestDifference(
        came=_sorted(file for file in came if file.path not in new_places),
        went=_sorted(file for file in went if file.path not in gone),
        changed=tuple(sorted(changed, key=lambda pair: pair[0].path)),
        moved=tuple(sorted(moved, key=lambda pair: pair[0].path)),
        same=len(both) - len(changed),
        directories_came=tuple(sorted(folders_b[k] for k in folders_b.keys() - folders_a.keys())),
        directories_went=tuple(sorted(folders_a[k] for k in folders_a.keys() - folders_b.keys())),
    )


def _by_key(manifest: Manifest) -> Mapping[str, ManifestFile]:
    return {fold(file.path): file for file in manifest.files}


def _folders(manifest: Manifest) -> Mapping[str, str]:
    return {fold(path): path for path in manifest.directories}


def _says(file: ManifestFile) -> tuple[object, ...]:
    return file.sha256, file.size, file.role, file.optional


def _sorted(files: Iterable[ManifestFile]) -> tuple[ManifestFile, ...]:
    return tuple(sorted(files, key=lambda file: file.path))


def _moved(
    went: Iterable[ManifestFile], came: Iterable[ManifestFile]
) -> list[tuple[ManifestFile, ManifestFile]]:
    """Pairs of the same content, first path with first path; each file is in one pair at most."""
    places: dict[str, list[ManifestFile]] = defaultdict(list)
    for file in sorted(came, key=lambda file: file.path, reverse=True):
        if file.sha256 != NOT_RECORDED:
            places[file.sha256].append(file)
    return [(file, places[file.sha256].pop()) for file in _sorted(went) if places.get(file.sha256)]
