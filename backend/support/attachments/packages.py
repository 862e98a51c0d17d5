"""Office packages: what their own lists say they are, however their parts are spelled."""

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from xml.parsers import expat

from backend.core.errors import Invalid
from backend.support.attachments.pdf import BROKEN

LONGEST_LIST = 1024 * 1024
CONTENT_TYPES, RELATIONSHIPS = "[content_types].xml", "_rels/.rels"
MAIN = "/officedocument"
# What a program would run: Visual Basic, and the macro sheets of Excel 4.
MACROS = ("macroenabled", "vbaproject", "macrosheet")


@dataclass
class Listing:
    """What an XML part says, in lower case: each element's attributes, and every text in it."""

    elements: list[dict[str, str]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def tells_of_macros(self) -> bool:
        said = "".join(self.texts)
        values = [value for element in self.elements for value in element.values()]
        return any(word in text for word in MACROS for text in (said, *values))


def parts_of(package: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Return the parts by name: in lower case, with slashes. Raises Invalid when two are one."""
    parts = {_spelled(entry.filename): entry for entry in package.infolist()}
    if len(parts) != len(package.infolist()):
        raise Invalid("file", BROKEN)
    return parts


def _spelled(name: str) -> str:
    return posixpath.normpath("/" + name.replace("\\", "/").lower()).lstrip("/")


def read(package: zipfile.ZipFile, parts: Mapping[str, zipfile.ZipInfo], name: str) -> Listing:
    """Return what a part says, empty when there is none; Invalid: too long, or not plain XML."""
    if name not in parts:
        return Listing()
    with package.open(parts[name]) as file:
        data = file.read(LONGEST_LIST + 1)  # no more of it is ever inflated
    if len(data) > LONGEST_LIST:
        raise Invalid("file", BROKEN)
    return _parsed(data)


def _parsed(data: bytes) -> Listing:
    found, parser = Listing(), expat.ParserCreate()

    def refuse(*_: object) -> None:
        raise Invalid("file", BROKEN)

    def element(_name: str, attributes: dict[str, str]) -> None:
        found.elements.append({name.lower(): value.lower() for name, value in attributes.items()})

    parser.StartDoctypeDeclHandler = refuse  # no program writes one, and it could hide a word
    parser.StartElementHandler = element
    parser.CharacterDataHandler = lambda text: found.texts.append(text.lower())
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError):
        raise Invalid("file", BROKEN) from None
    return found


def main_parts(relationships: Listing) -> Iterator[str]:
    """Yield the parts the package names as its document."""
    for element in relationships.elements:
        if element.get("type", "").endswith(MAIN):
            yield _spelled(element.get("target", ""))


def declared(types: Listing, part: str) -> str:
    """Return the content type the list gives to a part, by its name or its extension."""
    for element in types.elements:
        if _spelled(element.get("partname", "")) == part:
            return element.get("contenttype", "")
    extension = part.rpartition(".")[2]
    for element in types.elements:
        if element.get("extension") == extension:
            return element.get("contenttype", "")
    return ""


def relationships_of(part: str) -> str:
    """Return the name of the part that says what a part belongs together with."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")
