"""The project on disk: one folder `NAME.deepcuts/`, whose `project.json` is always whole.

Beside it lies `project.last-good.json`, a copy of what was last saved or last read well: see `app.document.last_good`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.document.checking import NotKeepableError
from app.document.coding import decoded, encoded, read_bytes
from app.document.errors import UserError
from app.document.folder_check import check_folder
from app.document.last_good import DamagedError, keep_last_good, last_good_from
from app.document.model import Project
from app.document.names import clean_name
from resources.files import make_folders, write_whole

SUFFIX = ".deepcuts"


@dataclass(frozen=True)
class ProjectFolder:
    """Where everything of one project lies."""

    path: Path

    @property
    def document(self) -> Path:
        """`Project` as JSON."""
        return self.path / "project.json"

    @property
    def album(self) -> Path:
        """The cover of the album, and what was read of the tracks."""
        return self.path / "album"

    @property
    def finish(self) -> Path:
        """The album's air and width, as they were learnt."""
        return self.album / "finish.json"

    @property
    def dataset(self) -> Path:
        """The mono music that training reads."""
        return self.path / "dataset"

    @property
    def runs(self) -> Path:
        """A folder for each training, with its checkpoints."""
        return self.path / "runs"

    @property
    def clips(self) -> Path:
        """The sound of each clip, and a JSON file beside it that says how it was made."""
        return self.path / "clips"

    @property
    def artwork(self) -> Path:
        """Candidates for the cover."""
        return self.path / "artwork"

    @property
    def releases(self) -> Path:
        """Exported albums."""
        return self.path / "releases"

    @property
    def taken_out(self) -> Path:
        """Sound files that were dragged or copied into other programs, which may play them from here."""
        return self.path / "taken-out"

    @property
    def cache(self) -> Path:
        """What can be made again at any time: peaks, resampled clips."""
        return self.path / "cache"


def create_project(path: Path) -> Project:
    """Makes the folder with an empty document in it.

    Raises:
        UserError: where the folder cannot be made or already holds a project.
    """
    folder = ProjectFolder(path)
    if folder.document.exists():
        raise UserError(f"“{path.name}” is a project already.", "Open it, or choose another name.")
    project = new_document(path)
    try:
        make_folders(path)
    except OSError as error:
        raise UserError.from_os_error(f"“{path}” cannot be made", error) from error
    save_project(path, project)
    return project


def new_document(path: Path) -> Project:
    """The empty document of a project that is to lie at `path`."""
    return Project(name=clean_name(path.name.removesuffix(SUFFIX)))


def load_project(path: Path) -> Project:
    """Looks through the project folder `path` and reads its document.

    Raises:
        DamagedError: it is not one that can be.
        UserError: it is missing, cannot be read, was written by a newer Deep Cuts, or as `check_folder`.
    """
    check_folder(path)
    return read_document(path)


def read_document(path: Path) -> Project:
    """As `load_project`, of a folder that was looked through when it was taken hold of."""
    document = ProjectFolder(path).document
    try:
        return decoded(read_bytes(document))
    except FileNotFoundError:
        if not path.exists():
            raise UserError(f"“{path}” is not there.", "Check the name, or make a new project.") from None
        raise UserError(
            f"“{path}” is not a Deep Cuts project.", "Choose a folder whose name ends in .deepcuts."
        ) from None
    except OSError as error:
        raise UserError.from_os_error(f"“{document}” cannot be read", error) from error
    except NotKeepableError as error:
        raise DamagedError(document, error.why, last_good_from(document)) from None


def save_project(path: Path, project: Project) -> None:
    """Writes the document so that the old one stands until the new one is whole, and then the copy beside it.

    Raises:
        UserError: where it cannot be written, or could not be opened again; the old document is untouched. A folder
            that is gone is not made again.
    """
    if not path.is_dir():
        raise UserError(
            f"The folder of “{path.stem}” is gone: it was moved or removed.", "Put it back, or save a copy."
        )
    document = ProjectFolder(path).document
    try:
        text = encoded(project)
        write_whole(document, text, make_parent=False)
    except NotKeepableError as error:
        raise UserError(f"The project could not be saved: {error.why}.", "Undo the last step.") from error
    except OSError as error:
        raise UserError.from_os_error("The project could not be saved", error) from error
    keep_last_good(document, text)
