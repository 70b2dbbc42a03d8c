"""The forms in which models write keys, each at the end of a sentence; and what is none."""

from __future__ import annotations

import pytest

from qa.answering.generative.key_forms import apart, with_numbers_apart
from qa.answering.generative.markers import BOUND, Lookalike, Marker, MarkerParser, Text, joined, parse

FORMS = {
    "[s3]": "s3",
    "[S3]": "s3",
    "[s03]": "s3",
    "[ s3 ]": "s3",
    "[s 3]": "s3",
    "[s-3]": "s3",
    "[s_3]": "s3",
    "[#s3]": "s3",
    "[@s3]": "s3",
    "[^s3]": "s3",
    "^[s3]": "s3",
    "[[s3]]": "s3",
    "((s3))": "s3",
    "([s3])": "s3",
    "[(s3)]": "s3",
    "[{s3}]": "s3",
    "{s3}": "s3",
    "{{s3}}": "s3",
    "${s3}": "s3",
    "<s3>": "s3",
    "<s3/>": "s3",
    "<sup>s3</sup>": "s3",
    "<sup>[s3]</sup>": "s3",
    "<cite>s3</cite>": "s3",
    "【s3】": "s3",
    "［s3］": "s3",
    "〔s3〕": "s3",
    "⟦s3⟧": "s3",
    "（s3）": "s3",
    "\\[s3\\]": "s3",
    "\\(s3\\)": "s3",
    "\\cite{s3}": "s3",
    "\\cite{s3, s5}": "s3 s5",
    "**[s3]**": "s3",
    "*[s3]*": "s3",
    "[**s3**]": "s3",
    "[*s3*]": "s3",
    "[`s3`]": "s3",
    "`[s3]`": "s3",
    "``[s3]``": "s3",
    "`[s3, s5]`": "s3 s5",
    "【s3†source】": "s3",
    "【s3†L1-L9】": "s3",
    "[s3†source]": "s3",
    "[s3: The quay]": "s3",
    "[s3: the council of 2024]": "s3",
    '[s3: "unsafe"]': "s3",
    "[s3, p. 4]": "s3",
    "[s3, Summit.txt]": "s3",
    "[s3; Summit]": "s3",
    "[s3 - Summit]": "s3",
    "[s3 – Summit]": "s3",
    "[s3 (Summit)]": "s3",
    "[s3 | Summit]": "s3",
    '[s3 "unsafe"]': "s3",
    "[s3, see also s5]": "s3 s5",
    "[s3: quay; s5: mayor]": "s3 s5",
    "[Summit.txt: s3]": "s3",
    "[Summit.txt, s3]": "s3",
    "[Summit, s3-s5]": "s3-s5",
    "[source: s3]": "s3",
    "[Source: s3]": "s3",
    "[Sources: s3, s5]": "s3 s5",
    "[source s3]": "s3",
    "[see s3]": "s3",
    "[see also s3]": "s3",
    "[cf. s3]": "s3",
    "[ref: s3]": "s3",
    "[key s3]": "s3",
    "[citation: s3]": "s3",
    "[based on s3]": "s3",
    "[Quelle: s3]": "s3",
    "[siehe s3]": "s3",
    "[vgl. s3]": "s3",
    "[voir s3]": "s3",
    "[véase s3]": "s3",
    "[sentence 3]": "s3",
    "[Sentence 3]": "s3",
    "[sentence s3]": "s3",
    "[sentences 3-5]": "s3-s5",
    "[sentences 3 and 5]": "s3 s5",
    "[Satz 3]": "s3",
    "(s3)": "s3",
    "( s3 )": "s3",
    "(see s3)": "s3",
    "(See s3)": "s3",
    "(see also s3, s5)": "s3 s5",
    "(source: s3)": "s3",
    "(Source: s3, s5)": "s3 s5",
    "(sources: s3 and s5)": "s3 s5",
    "(cf. s3)": "s3",
    "(siehe s3)": "s3",
    "(from s3)": "s3",
    "(per s3)": "s3",
    "(according to s3)": "s3",
    "(s3: Summit)": "s3",
    "(s3, s4)": "s3 s4",
    "(s3; s4)": "s3 s4",
    "(s3-s5)": "s3-s5",
    "(**s3**)": "s3",
    "[s3, s5]": "s3 s5",
    "[s3; s5]": "s3 s5",
    "[s3 and s5]": "s3 s5",
    "[s3 & s5]": "s3 s5",
    "[s3 und s5]": "s3 s5",
    "[s3 et s5]": "s3 s5",
    "[s3 y s5]": "s3 s5",
    "[s3/s5]": "s3 s5",
    "[s3|s5]": "s3 s5",
    "[s3 + s5]": "s3 s5",
    "[s3 s5]": "s3 s5",
    "[s3, 5]": "s3 s5",
    "[s3, s5, and s7]": "s3 s5 s7",
    "[s3][s5]": "s3 s5",
    "[s3] [s5]": "s3 s5",
    "[s3], [s5]": "s3 s5",
    "[s3] and [s5]": "s3 s5",
    "[s3]; [s5]": "s3 s5",
    "[s3-s5]": "s3-s5",
    "[s3–5]": "s3-s5",
    "[s3—s5]": "s3-s5",
    "[s3--s5]": "s3-s5",
    "[s3 to s5]": "s3-s5",
    "[s3 to 5]": "s3-s5",
    "[s3 through s5]": "s3-s5",
    "[s3 bis s5]": "s3-s5",
    "[s3 à s5]": "s3-s5",
    "[s3...s5]": "s3-s5",
    "[s3…s5]": "s3-s5",
    "[s3-s5, s7]": "s3-s5 s7",
    "[s3](#s3)": "s3",
    "[s3](https://example.org/a_b)": "s3",
    "[s3](Summit.txt)": "s3",
    "[s3](s5)": "s3 s5",
    "[s3": "s3",
    "[s3, s5": "s3 s5",
    "s3]": "s3",
    "s3": "s3",
    "s3-s5": "s3-s5",
    "s3, s5": "s3 s5",
    "s3 and s5": "s3 s5",
}
BEFORE, AFTER = "The quay was unsafe", ".\nThe festival was called off."


def keys(text: str) -> str:
    """The keys of all markers of `text`."""
    return " ".join(
        str(key) for segment in parse(text) if isinstance(segment, Marker) for key in segment.keys
    )


@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_read(form: str) -> None:
    """Before the stop, after it, and at the end of the text; nothing beside the keys is taken with them."""
    for text in (f"{BEFORE} {form}{AFTER}", f"{BEFORE} {form}.", f"{BEFORE} {form}", f"{BEFORE}. {form}"):
        assert keys(text) == FORMS[form], text
        rest = "".join(segment.raw for segment in parse(text) if isinstance(segment, Text))
        assert rest.startswith(BEFORE)
        assert not set(rest.removeprefix(BEFORE).split(AFTER)[0]) - set(" .*`()[]{}"), text


@pytest.mark.parametrize("form", FORMS)
def test_a_form_in_pieces_is_read_the_same(form: str) -> None:
    """Character by character."""
    for text in (
        f"{BEFORE} {form}{AFTER}",
        f"{BEFORE}. {form}",
        f"- {BEFORE} {form}\n- So {form}, and so on.",
    ):
        parser = MarkerParser()
        pieces = [segment for character in text for segment in parser.feed(character)]
        assert joined((*pieces, *parser.close())) == parse(text)


@pytest.mark.parametrize(
    "written",
    [
        "It is kept in an (s3 bucket).",
        "It is kept in Amazon S3.",
        "He has an iPhone 5s.",
        "Upload it to s3.",
        "Upload it to the s3.",
        "The bucket is called s3.",
        "It is stored on s3, and on disk.",
        "See s3://bucket.",
        "Use `s3.upload()` for it.",
        "`aws s3 ls`",
        "```\n[s3]\n```",
        "the S3 bus",
        "(S3)",
        "line S3.",
        "files s3 and others",
        "[s3://bucket]",
        "[Amazon S3]",
        "[s3bucket]",
        "[S3 bucket]",
        "s3.amazonaws.com",
        "[iPhone 5s]",
        "[as3]",
        "[s3a]",
        "<script>",
        "<section>",
        "{start}",
        "\\section{s3 is here}",
        "$s3$",
        "x^3",
        "[sic]",
        "[s]",
        "(s)",
        "[2024]",
        "[section 3]",
        "(sentence 3)",
        "a_s3.",
        "my-s3.",
        "@s3.",
        "/s3.",
        "s3",
        "The class s3 object is here.",
        "ls3.",
        "[s3 to come]",
        "[s3.5]",
        "[12s]",
        "[Smith3]",
        "email s3@example.org.",
    ],
)
def test_what_is_no_key(written: str) -> None:
    """Names, addresses, code."""
    assert keys(written) == ""


NUMBERS = {
    "[1]": "[ 1 ]",
    "[12]": "[ 12 ]",
    "[1, 2]": "[ 1, 2 ]",
    "[1,2]": "[ 1,2 ]",
    "[5, 7, 9]": "[ 5, 7, 9 ]",
    "[1-3]": "[ 1-3 ]",
    "[1–3]": "[ 1–3 ]",
    "[1; 2]": "[ 1; 2 ]",
    "[1 and 2]": "[ 1 and 2 ]",
    "[1 2]": "[ 1 2 ]",
    "【1】": "[ 1 ]",
    "【1, 2】": "[ 1, 2 ]",
    "［1］": "[ 1 ]",
    "〔1〕": "[ 1 ]",
    "[^1]": "[ ^1 ]",
    "[#1]": "[ #1 ]",
    "[Source 1]": "[ Source 1 ]",
    "[source: 1]": "[ source: 1 ]",
    "[Sources 1, 2]": "[ Sources 1, 2 ]",
    "[Doc 1]": "[ Doc 1 ]",
    "[ref 1]": "[ ref 1 ]",
    "[citation 2]": "[ citation 2 ]",
    "[Quelle 1]": "[ Quelle 1 ]",
    "[[1]]": "[ 1 ]",
    "\\[1\\]": "[ 1 ]",
    "[**1**]": "[ **1** ]",
    "【1†source】": "[ 1†source ]",
    "【4:0†source】": "[ 4:0†source ]",
    "[ 1 ]": "[ 1 ]",
    "[1, p. 5]": "[ 1, p. 5 ]",
    "[1: title]": "[ 1: title ]",
    "[cite: 1]": "[ cite: 1 ]",
    "[see 1]": "[ see 1 ]",
    "[id 1]": "[ id 1 ]",
    "[№ 1]": "[ № 1 ]",
    "[Document 1; Document 2]": "[ Document 1; Document 2 ]",
    "[1.]": "[ 1. ]",
    "[1 p. 3]": "[ 1 p. 3 ]",
    "[1 Summit.txt]": "[ 1 Summit.txt ]",
    "[１]": "[ １ ]",
    "[١]": "[ ١ ]",
    "[①]": "[ ① ]",
    "❲1❳": "[ 1 ]",
    "<sup>1</sup>": "[ 1 ]",
    "<sup>[1, 2]</sup>": "[ 1, 2 ]",
    "¹": "[ 1 ]",
    "¹²": "[ 12 ]",
}


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_like_ours_is_moved_apart(number: str) -> None:
    """It is told from text, and what is shown of it is no citation; streamed or whole."""
    for text in (f"The quay was unsafe{number}.", f"The quay was unsafe{number}"):
        found = [segment for segment in parse(text) if isinstance(segment, Lookalike)]
        assert [apart(segment.raw) for segment in found] == [NUMBERS[number]]
        parser = MarkerParser()
        pieces = [segment for character in text for segment in parser.feed(character)]
        assert [one for one in (*pieces, *parser.close()) if isinstance(one, Lookalike)] == found


@pytest.mark.parametrize(
    "written",
    [
        "[2024]",
        "[2019, 2020]",
        "(1)",
        "(1, 2)",
        "5 m²",
        "5 m<sup>2</sup>",
        "10³ kg",
        "20 metres²",
        "[1.5]",
        "[sic]",
        "[a1]",
        "`[1]`",
    ],
)
def test_what_is_no_number_like_ours(written: str) -> None:
    """Years, lists in round brackets, powers, code."""
    assert not any(isinstance(segment, Lookalike) for segment in parse(f"It is {written}."))


def test_numbers_of_a_document_are_moved_apart() -> None:
    """A paper's own, in a sentence that is quoted; the year and the aside stay."""
    assert (
        with_numbers_apart("So it is [12], [3–5] and [1, 2], as in [2019] [sic] (7).")
        == "So it is [ 12 ], [ 3–5 ] and [ 1, 2 ], as in [2019] [sic] (7)."
    )


def test_what_opens_a_bracket_and_goes_on_is_text() -> None:
    """A bracket that is never closed holds back no more than `BOUND` characters, and is text."""
    parser = MarkerParser()
    text = "It is [so " + "and so " * 40
    got = "".join(segment.raw for segment in parser.feed(text))
    assert len(text) - len(got) < BOUND
    assert keys(text) == ""
