import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from govnews.colours import COLOURS
from govnews.errors import GovnewsError
from govnews.label.interface import Interface, extend_interface, read_interface
from govnews.records import LABELS, SIGNATURES

names = st.lists(st.text("abcÄ省 <&\"'", min_size=1).filter(str.strip), unique=True, max_size=12)


def labels_of(xml):
    return {tag.get("value"): tag for tag in ET.fromstring(xml).iter("Label")}


def test_a_new_project_has_every_label_and_relation_that_is_defined():
    found = read_interface(Interface().to_xml())
    assert found == Interface(tuple(LABELS), tuple(SIGNATURES))


def test_labels_have_the_colours_of_the_reports_and_a_key_each():
    tags = labels_of(Interface().to_xml())
    assert {label: tag.get("background") for label, tag in tags.items()} == {k: c.light for k, c in COLOURS.items()}
    assert [tag.get("hotkey") for tag in tags.values()] == ["1", "2", "3", "4"]


def test_characters_are_the_smallest_thing_to_mark():
    text = ET.fromstring(Interface().to_xml()).find(".//Text")
    assert text.get("granularity") == "symbol"  # the page of "character" does not open


@given(names, names)
def test_any_names_come_back(labels, relations):
    interface = Interface(tuple(labels), tuple(relations))
    assert read_interface(interface.to_xml()) == interface


@given(names, names, names, names)
def test_extending_adds_what_is_missing_and_nothing_twice(labels, relations, more, further):
    wanted = Interface(tuple(more), tuple(further))
    xml, added = extend_interface(Interface(tuple(labels), tuple(relations)).to_xml(), wanted)
    assert read_interface(xml) == Interface(tuple(labels), tuple(relations)).with_labels(more, further)
    assert len(added) == len(set(more) - set(labels)) + len(set(further) - set(relations))
    assert extend_interface(xml, wanted) == (xml, [])


def test_what_people_changed_in_an_interface_stays():
    mine = """<View><Header value="县"/><Text name="text" value="$text" granularity="word"/>
      <Labels name="label" toName="text"><Label value="ORG" background="red" hotkey="o"/></Labels></View>"""
    xml, added = extend_interface(mine, Interface(("ORG", "PERSON"), ("RUNS",)))
    assert added == ["PERSON", "RUNS"]
    assert labels_of(xml)["ORG"].attrib == {"value": "ORG", "background": "red", "hotkey": "o"}
    assert labels_of(xml)["PERSON"].get("hotkey") == "2"
    assert ET.fromstring(xml).find("Header").get("value") == "县"
    assert ET.fromstring(xml).find("Text").get("granularity") == "word"


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        ("", "is no XML: no element found"),
        ("<View>", "is no XML"),
        ("<View/>", "it has nothing where"),
        ('<View><Image name="img" value="$image"/><RectangleLabels name="label" toName="img"/></View>', "<Image>"),
        ('<View><Choices name="c" toName="text"/><Text name="text" value="$text"/></View>', "it has <Choices>, <Text>"),
        ('<View><Labels name="ner" toName="text"/><Text name="text" value="$text"/></View>', "<Labels name='label'"),
        ('<View><Labels name="label" toName="text"/><Text name="text" value="$body"/></View>', "value='$text'"),
        ('<View><Labels name="label" toName="t"/><Text name="t" value="$text"/></View>', "toName='text'"),
    ],
)
def test_a_project_for_something_else_is_left_alone(xml, message):
    with pytest.raises(GovnewsError, match=r"labelling configuration|set up for something else") as caught:
        extend_interface(xml, Interface())
    assert message in caught.value.message
    assert "--project" in caught.value.hint
