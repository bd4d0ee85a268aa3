"""The labelling interface of a project, made from the labels and relations that are defined."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable
from dataclasses import dataclass

from govnews.colours import choose_colours
from govnews.errors import GovnewsError
from govnews.formats.label_studio import FROM_NAME, TO_NAME
from govnews.records import LABELS, SIGNATURES

_HEAD = "position: sticky; top: 0; z-index: 9; background: var(--color-neutral-background, white)"
# the names of relations stand between the lines: room for them, and a colour that no label has
_STYLE = "[class*=htx-richtext] { line-height: 3 !important } .relations-overlay rect[rx] { fill: #6b7280 !important }"
_HOTKEYS = "1234567890"
_HINT = "Push to a project of its own: give --project another name."


@dataclass(frozen=True, slots=True)
class Interface:
    """What can be marked in a project.

    Args:
        labels: Of entities, in order.
        relations: Labels of relations, in order.
    """

    labels: tuple[str, ...] = tuple(LABELS)
    relations: tuple[str, ...] = tuple(SIGNATURES)

    def with_labels(self, labels: Iterable[str], relations: Iterable[str]) -> Interface:
        """The same with further labels after its own."""
        return Interface(
            tuple(dict.fromkeys([*self.labels, *labels])), tuple(dict.fromkeys([*self.relations, *relations]))
        )

    def to_xml(self) -> str:
        """The labelling configuration of a new project."""
        view = ET.Element("View")
        ET.SubElement(view, "Relations")
        ET.SubElement(view, "Style").text = _STYLE
        head = ET.SubElement(view, "View", style=_HEAD)
        ET.SubElement(head, "Labels", name=FROM_NAME, toName=TO_NAME, showInline="true")
        ET.SubElement(view, "Text", name=TO_NAME, value="$text", granularity="symbol")
        _add(view, self)
        return _write(view)


def read_interface(xml: str) -> Interface:
    """What can be marked in a project that has a labelling configuration.

    >>> read_interface(Interface(("ORG",), ("RUNS",)).to_xml())
    Interface(labels=('ORG',), relations=('RUNS',))

    Raises:
        GovnewsError: The configuration is not for labels on a text.
    """
    return _read(_parse(xml))


def extend_interface(xml: str, wanted: Interface) -> tuple[str, list[str]]:
    """Add what a labelling configuration lacks, and leave the rest as it is.

    Returns:
        The configuration, and what was added: nothing where it has everything.

    Raises:
        GovnewsError: The configuration is not for labels on a text.
    """
    view = _parse(xml)
    found = _read(view)
    missing = Interface(
        tuple(label for label in wanted.labels if label not in found.labels),
        tuple(label for label in wanted.relations if label not in found.relations),
    )
    added = [*missing.labels, *missing.relations]
    if not added:
        return xml, []
    if view.find(".//Relations") is None:
        view.insert(0, ET.Element("Relations"))
    _add(view, missing, taken=found.labels)
    return _write(view), added


def _parse(xml: str) -> ET.Element:
    try:
        return ET.fromstring(xml)
    except ET.ParseError as error:
        raise GovnewsError(f"the project's labelling configuration is no XML: {error}", hint=_HINT) from None


def _read(view: ET.Element) -> Interface:
    labels = view.find(f".//Labels[@name='{FROM_NAME}'][@toName='{TO_NAME}']")
    if labels is None or view.find(f".//Text[@name='{TO_NAME}'][@value='$text']") is None:
        tags = ", ".join(dict.fromkeys(f"<{tag.tag}>" for tag in view.iter() if "name" in tag.attrib)) or "nothing"
        raise GovnewsError(
            f"the project is set up for something else: it has {tags} where <Labels name={FROM_NAME!r} "
            f"toName={TO_NAME!r}> and <Text name={TO_NAME!r} value='$text'> were expected",
            hint=_HINT,
        )
    return Interface(
        tuple(tag.get("value", "") for tag in labels.findall("Label")),
        tuple(tag.get("value", "") for tag in view.iterfind(".//Relations/Relation")),
    )


def _add(view: ET.Element, interface: Interface, *, taken: tuple[str, ...] = ()) -> None:
    labels, relations = view.find(f".//Labels[@name='{FROM_NAME}']"), view.find(".//Relations")
    assert labels is not None
    assert relations is not None
    colours = choose_colours([*LABELS, *(label for label in [*taken, *interface.labels] if label not in LABELS)])
    keys = iter(_HOTKEYS[len(taken) :])
    for label in interface.labels:
        tag = ET.SubElement(labels, "Label", value=label, background=colours[label].light)
        if key := next(keys, None):
            tag.set("hotkey", key)
    for label in interface.relations:
        ET.SubElement(relations, "Relation", value=label)


def _write(view: ET.Element) -> str:
    ET.indent(view)
    return ET.tostring(view, encoding="unicode")
