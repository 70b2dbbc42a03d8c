"""Where a setting comes from, and what is said about one that is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from index.errors import QaError, SettingsError, UsageError
from qa.settings.settings import SETTINGS, Settings, described, load_settings, user_file
from qa.settings.values import Setting


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A working directory with an index, a project file's place and a user file's place."""
    (tmp_path / "work" / ".qa").mkdir(parents=True)
    return tmp_path


def load(home: Path, *, environ: dict[str, str] | None = None, **options: object) -> Settings:
    """Settings in force in the working directory of `home`."""
    return load_settings(
        options,
        environ=environ or {},
        directory=home / "work",
        user_file=home / "user.toml",
        spell="option {}".format,
    )


def test_an_option_wins_over_everything(home: Path) -> None:
    """Option, environment, project file, user file, default: each holds where those before are silent."""
    (home / "user.toml").write_text("k = 2\noffline = true\n", encoding="utf-8")
    assert (load(home).k, load(home).origin("k")) == (2, str(home / "user.toml"))
    (home / "work" / "qa.toml").write_text("k = 3\n", encoding="utf-8")
    assert (load(home).k, load(home).origin("k")) == (3, str(home / "work" / "qa.toml"))
    assert load(home).offline is True
    with_environment = load(home, environ={"QA_K": "4"})
    assert (with_environment.k, with_environment.origin("k")) == (4, "QA_K")
    with_option = load(home, environ={"QA_K": "4"}, k=5)
    assert (with_option.k, with_option.origin("k")) == (5, "option k")


def test_without_any_setting_defaults_hold(home: Path) -> None:
    """An option that was not given, and an empty variable, set nothing."""
    settings = load(home, environ={"QA_K": ""}, k=None, include=[])
    assert (settings.k, settings.origin("k")) == (None, "default")
    assert all(origin == "default" for _, _, origin in described(settings))


def test_the_project_file_lies_beside_the_index(home: Path) -> None:
    """It is found from a folder below, and beside an index that was named, or whose holder was."""
    (home / "work" / "qa.toml").write_text('exclude = ["*.log"]\n', encoding="utf-8")
    below = home / "work" / "deep" / "er"
    below.mkdir(parents=True)
    settings = load_settings({}, environ={}, directory=below, user_file=home / "none.toml")
    assert settings.exclude == ("*.log",)
    for index in (home / "work" / ".qa", home / "work"):
        options = {"index": str(index)}
        named = load_settings(options, environ={}, directory=home, user_file=home / "none.toml")
        assert named.exclude == ("*.log",)


@pytest.mark.parametrize(
    "name", ["index", "api_key", "openai_api_key", "base_url", "OPENAI_BASE_URL", "model.name", "prices.m"]
)
def test_a_projects_file_cannot_redirect_anything(home: Path, name: str) -> None:
    """Somebody else's documents may bring a qa.toml: it sets no key, no server and no index."""
    (home / "work" / "qa.toml").write_text(f'k = 3\n{name} = "https://evil.example"\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(home)
    key = {"model.name": "model", "prices.m": "prices"}.get(name, name)
    assert f"a project's file may not set {key}" in caught.value.cause
    assert "qa.toml:2: " in caught.value.cause
    assert "evil" not in caught.value.cause


@pytest.mark.parametrize(
    ("content", "cause", "hint"),
    [
        (b"k = 3\nkk = 4\n", "user.toml:2: unknown setting 'kk'", "did you mean 'k'?"),
        (b"exlude = []\n", "user.toml:1: unknown setting 'exlude'", "did you mean 'exclude'?"),
        (b"zzzzzz = 1\n", "unknown setting 'zzzzzz'", "known settings: index, k,"),
        (b"[k]\nx = 1\n", "user.toml:1: k takes a whole number", "correct the file"),
        (b'k = "many"\n', "user.toml:1: k takes a whole number from 1 to 1000, not 'many'", "correct"),
        (b"k = true\n", "k takes a whole number", "correct"),
        (b"k = 0\n", "k takes a whole number from 1 to 1000, not 0", "correct"),
        (b'color = "blue"\n', "color takes one of auto, always, never", "correct"),
        (b"include = [1]\n", "include takes a list of patterns", "correct"),
        (b"offline = 3\n", "offline takes true or false", "correct"),
        (b'max_file_size = "3 parsecs"\n', "max_file_size takes a size", "correct"),
        (b"index = 3\n", "index takes a folder's path", "correct"),
        (b"k = = 3\n", "not valid TOML", "correct the file"),
        (b"k = 3\nk = 4\n", "not valid TOML", "correct the file"),
        (b"\xff\xfe", "not UTF-8", "save the file as UTF-8"),
        (b"#" * 1_000_001, "too large", "move it away"),
        (b"k = " + b"[" * 5000, "not valid TOML", "correct"),
    ],
)
def test_a_wrong_file_is_named_with_line_and_key(home: Path, content: bytes, cause: str, hint: str) -> None:
    """Every mistake names the file, the line where it can be told, the key, and what would be right."""
    (home / "user.toml").write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load(home)
    assert cause in caught.value.cause
    assert str(home / "user.toml") in caught.value.cause
    assert hint in caught.value.hint
    assert caught.value.exit_code == 4


def test_a_byte_order_mark_is_no_mistake(home: Path) -> None:
    """Some editors write one, and Windows line ends too."""
    (home / "user.toml").write_bytes(b"\xef\xbb\xbfk = 7\r\n")
    assert load(home).k == 7


def test_a_folder_in_the_files_place_is_no_file(home: Path) -> None:
    """Only a file is read."""
    (home / "user.toml").mkdir()
    assert load(home).k is None


def test_a_wrong_option_is_misuse_and_a_wrong_variable_is_not() -> None:
    """Exit code 2 for an option, which is left for others to spell, 4 for the configuration."""
    with pytest.raises(UsageError, match=r"^max_file_size takes a size") as option:
        load_settings({"max_file_size": "big"}, environ={}, directory=Path.cwd())
    with pytest.raises(SettingsError, match="QA_MAX_FILE_SIZE takes a size") as variable:
        load_settings({}, environ={"QA_MAX_FILE_SIZE": "big"}, directory=Path.cwd())
    assert option.value.options == ("max_file_size",)
    assert (option.value.exit_code, variable.value.exit_code) == (2, 4)


@pytest.mark.parametrize(
    ("written", "size"),
    [("1", 1), ("500KB", 512_000), ("2 MB", 2 * 1024**2), ("1g", 1024**3), (12, 12), ("3b", 3)],
)
def test_sizes_have_units(home: Path, written: object, size: int) -> None:
    """Units are powers of 1024, in either case, with or without a space."""
    assert load(home, max_file_size=written).max_file_size == size


@pytest.mark.parametrize(("written", "value"), [("1", True), ("Yes", True), ("false", False), ("0", False)])
def test_yes_and_no_have_several_words(home: Path, written: str, value: bool) -> None:
    """In the environment everything is a word."""
    assert load(home, environ={"QA_OFFLINE": written}).offline is value


def test_qa_config_names_the_users_file(tmp_path: Path) -> None:
    """QA_CONFIG wins over the platform's place, and must name a file."""
    named = tmp_path / "mine.toml"
    assert user_file({"QA_CONFIG": str(named)}) == named
    with pytest.raises(SettingsError, match="QA_CONFIG names"):
        load_settings({}, environ={"QA_CONFIG": str(named)}, directory=tmp_path)
    named.write_text("k = 6", encoding="utf-8")
    assert load_settings({}, environ={"QA_CONFIG": str(named)}, directory=tmp_path).k == 6


@given(st.one_of(st.text(), st.binary(max_size=300).map(lambda data: data.decode("latin-1"))))
def test_no_file_brings_anything_but_settings_or_an_error(content: str) -> None:
    """Random content is refused in words; nothing else is ever raised."""
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        path = Path(folder) / "user.toml"
        path.write_text(content, encoding="utf-8", errors="surrogatepass", newline="")
        cause = str(path)
        try:
            load_settings({}, environ={}, directory=Path(folder), user_file=path)
        except QaError as error:
            cause = error.cause
    assert str(path) in cause


def test_settings_are_described_in_plain_values(home: Path) -> None:
    """A path is shown as text and a tuple as a list."""
    rows = {name: value for name, value, _ in described(load(home, index="x", include=["*.md"]))}
    assert rows["index"] == "x"
    assert rows["include"] == ["*.md"]


def test_what_a_caller_gave_is_told_from_what_a_file_says(home: Path) -> None:
    """A model that is named outright is worth an error where there can be none; one of a file is not."""
    (home / "user.toml").write_text('model = "a"\nk = 3\n', encoding="utf-8")
    settings = load(home, environ={"QA_TIMEOUT": "9"}, offline=True)
    assert (settings.given, settings.origin("offline")) == (frozenset({"offline"}), "option offline")
    more = settings.with_options({"model": "b", "check": None})
    assert (more.model, more.origin("model"), more.given) == ("b", "model", frozenset({"offline", "model"}))
    assert (more.k, more.timeout, more.offline) == (3, 9, True)


@pytest.mark.parametrize(("name", "declared"), SETTINGS.items())
def test_a_setting_is_read_from_everywhere(home: Path, name: str, declared: Setting) -> None:
    """Its environment variable, its line in a file and an option give the same value."""
    default, written = getattr(Settings(), name), WRITTEN[name]
    value = declared.parse(written)
    assert value != default
    assert declared.purpose
    (home / "user.toml").write_text(f"{declared.form.key or name} = {toml(written)}\n", encoding="utf-8")
    assert getattr(load(home), name) == value
    (home / "user.toml").unlink()
    assert getattr(load(home).with_options({name: written}), name) == value
    if declared.variable is not None:
        assert getattr(load(home, environ={declared.variable: str(written)}), name) == value


def toml(value: object) -> str:
    """A value as it stands in a file."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)} = {toml(each)}" for name, each in value.items()) + "}"
    return json.dumps(value)


WRITTEN: dict[str, object] = {
    "index": "elsewhere",
    "k": 3,
    "offline": True,
    "color": "never",
    "model": "a",
    "embedder": "b",
    "timeout": 9,
    "check": "none",
    "stream": False,
    "plan": False,
    "max_cost": 0.5,
    "prompt_tokens": 5000,
    "openai_api_key": "sk-canary",
    "openai_base_url": "http://localhost:1",
    "include": ["*.md"],
    "exclude": ["*.log"],
    "max_file_size": "5MB",
    "read_memory": "200MB",
    "read_seconds": 9,
    "max_unpacked": "5MB",
    "max_depth": 50,
    "max_cells": 5000,
    "readers": ".slides=package.module:Reader",
    "ocr": True,
    "include_hidden": True,
    "ocr_languages": "eng+deu",
    "chroma": False,
    "reader": "minilm",
    "model_headers": {"X-Team": "${TEAM}"},
    "model_extra": {"options": {"num_ctx": 16384}, "seed": 7},
    "embedder_headers": {"X-Team": "blue"},
    "prices": {"own-1": {"input": 0.2, "output": 0.6}},
    "instructions": "Answer in French.",
    "instructions_file": "/somewhere/wishes.txt",
}


def test_a_secret_is_not_in_a_representation() -> None:
    """What a debugger or a log may show."""
    assert "canary" not in repr(Settings(openai_api_key="sk-canary", openai_base_url="http://u:canary@h"))


def test_a_project_may_forbid_connections_and_nothing_but_an_option_allows_them(home: Path) -> None:
    """Not the environment, nor the user's file; and a project allows none that the user forbade."""
    project = home / "work" / "qa.toml"
    project.write_text("offline = true\n", encoding="utf-8")
    (home / "user.toml").write_text("offline = false\n", encoding="utf-8")
    settings = load(home, environ={"QA_OFFLINE": "0"})
    assert (settings.offline, settings.origin("offline")) == (True, str(project))
    assert load(home, offline=False).offline is False
    project.write_text("offline = false\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="offline takes true, if anything, in a project's file"):
        load(home)


def test_the_model_is_a_name_or_a_table(home: Path) -> None:
    """A table has the name beside headers and fields; for both forms in one file there is a hint."""
    user = home / "user.toml"
    user.write_text(
        '[model]\nname = "m"\nextra = { seed = 1 }\n[model.headers]\nX-A = "b"\n', encoding="utf-8"
    )
    settings = load(home)
    assert (settings.model, settings.model_headers, settings.model_extra) == (
        "m",
        (("X-A", "b"),),
        (("seed", "1"),),
    )
    user.write_text('model = "m"\n[model.headers]\nX-A = "b"\n', encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(home)
    assert '[model], name = "..."' in caught.value.hint


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ('[model.headers]\nHost = "x"', "model.headers takes headers of one's own, which 'Host' is not"),
        ('[model.headers]\n"a b" = "x"', "which 'a b' is not"),
        ('[model.headers]\nX-A = "canary\\nX-B: c"', "values in plain letters on one line"),
        ("[model.headers]\nX-A = 3", "model.headers takes headers by name, each a text"),
        ('[model.extra]\nmodel = "canary"', "fields that qa does not set itself, which 'model' is not"),
        ("[model.extra]\nn = 5", "fields that qa does not set itself, which 'n' is not"),
        ("[model.extra]\nday = 2026-01-01", "texts, numbers, true, false, lists and tables only"),
        ("[model.extra]\nseed = nan", "texts, numbers, true, false, lists and tables only"),
        ("model.headrs.a = 1", "unknown setting 'model.headrs'"),
        ("[embedder.extra]\ndimensions = 3", "requests to an embedder take no fields of one's own"),
        ("[prices.m]\ninput = 1", "prices takes prices by model"),
        ("[prices.m]\ninput = 1\noutput = -2", "prices takes an amount in US dollars"),
        ('instructions = "' + "a" * 2_001 + '"', "instructions takes a text of at most 2,000 characters"),
        ("instructions_file = 3", "instructions_file takes a file's path"),
    ],
)
def test_wrong_requests_are_refused_without_their_values(home: Path, content: str, cause: str) -> None:
    """The line and what would be right are named; what may be a secret is not shown."""
    (home / "user.toml").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(home)
    assert cause in caught.value.cause
    assert "canary" not in caught.value.cause + caught.value.hint


@pytest.mark.parametrize(
    ("content", "cause"),
    [
        ("[model.headers]\nX-A = 'b'", "may not set model.headers"),
        ("[embedder.headers]\nX-A = 'b'", "may not set embedder.headers"),
        ("[prices.m]\ninput = 0\noutput = 0", "may not set prices"),
        ("[model.extra]\nstore = true", "only fields such as options or reasoning_effort, not 'store'"),
        ("[model.extra]\napi_base = 'x'", "not 'api_base'"),
        ("[model.extra]\nstop = '${HOME}'", "no variables of the environment, which 'stop' names"),
        ("instructions_file = '../user.toml'", "instructions_file lies outside the project"),
        ("instructions_file = '/etc/hosts'", "instructions_file lies outside the project"),
    ],
)
def test_a_project_adds_nothing_to_requests_but_how_a_model_works(
    home: Path, content: str, cause: str
) -> None:
    """No header, nothing that stores, sends on, or costs less than it does; and no file of somebody else."""
    (home / "work" / "qa.toml").write_text(content, encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load(home)
    assert cause in caught.value.cause


def test_a_project_may_say_how_a_model_works_and_how_answers_are_worded(home: Path) -> None:
    """A path is meant from the file's own folder."""
    (home / "work" / "qa.toml").write_text(
        'instructions = "Briefly."\ninstructions_file = "wishes.md"\n'
        "[model.extra]\noptions = { num_ctx = 1 }\n",
        encoding="utf-8",
    )
    settings = load(home)
    assert settings.instructions_file == str(home.resolve() / "work" / "wishes.md")
    assert settings.model_extra == (("options", '{"num_ctx": 1}'),)


def test_of_headers_only_the_names_are_described(home: Path) -> None:
    """Fields that are called keys or the like are hidden too, and so is the query of an address."""
    (home / "user.toml").write_text(
        'openai_base_url = "https://h/v1?code=canary"\n[model]\nheaders = { X-A = "canary" }\n'
        'extra = { seed = 1, metadata = { api_key = "canary" } }\n[prices.m]\ninput = 1\noutput = 2\n',
        encoding="utf-8",
    )
    settings = load(home)
    rows = {name: value for name, value, _ in described(settings)}
    assert rows["model.headers"] == {"X-A": "***"}
    assert rows["model.extra"] == {"seed": 1, "metadata": {"api_key": "***"}}
    assert rows["prices"] == {"m": {"input": 1.0, "output": 2.0, "cached_input": 1.0}}
    assert rows["openai_base_url"] == "https://h/v1?***"
    assert "canary" not in repr(settings)


LIMITS = ["max_file_size", "read_memory", "read_seconds", "max_unpacked", "max_depth", "max_cells"]


@pytest.mark.parametrize("name", LIMITS)
def test_a_project_lowers_limits_and_raises_none(home: Path, name: str) -> None:
    """They keep the files of a stranger from taking the machine: his qa.toml does not lift them."""
    default = getattr(Settings(), name)
    project, user = home / "work" / "qa.toml", home / "user.toml"
    project.write_text(f"{name} = {default // 2}\n", encoding="utf-8")
    assert getattr(load(home), name) == default // 2
    user.write_text(f"{name} = {default // 4}\n", encoding="utf-8")
    own = load(home)
    assert (getattr(own, name), own.origin(name)) == (default // 4, str(user))
    user.write_text(f"{name} = {default * 2}\n", encoding="utf-8")
    assert getattr(load(home), name) == default // 2
    project.write_text(f"{name} = {default + 1}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=f"{name} takes at most .* in a project's file"):
        load(home)


def test_memory_for_reading_is_enough_to_begin(home: Path) -> None:
    """With less than a hundred megabytes nothing could be read."""
    with pytest.raises(UsageError, match="at least 100,000,000 bytes"):
        load(home, read_memory="1MB")
