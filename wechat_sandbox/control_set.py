"""What may be set from outside: templates, released pages, quotas, words, the next pushes."""

from collections.abc import Callable

from wechat_sandbox.inputs import Given, Wrong
from wechat_sandbox.state import Delivery, State
from wechat_sandbox.templates import is_field

MOST_CALLS = 1_000_000_000
LONGEST_DELAY = 60


def change(state: State, given: Given) -> None:
    """Set all or nothing. Raises Wrong."""
    given.only(*SETTABLE)
    values = {name: SETTABLE[name](given, name) for name in given.values}
    for name, value in values.items():
        setattr(state, name, value)


def delivery_of(given: Given) -> Delivery:
    given.only("as_xml", "duplicate", "bad_signature", "without_result", "delay")
    return Delivery(
        as_xml=given.flag("as_xml"),
        duplicate=given.flag("duplicate"),
        bad_signature=given.flag("bad_signature"),
        without_result=given.flag("without_result"),
        delay=given.number("delay", Delivery.delay, 0, LONGEST_DELAY),
    )


def _templates(given: Given, name: str) -> dict[str, list[str]]:
    templates = given.object(name)
    found = {template: templates.texts(template) for template in templates.values}
    unknown = [field for fields in found.values() for field in fields if not is_field(field)]
    if unknown:
        raise Wrong(f"no such fields: {', '.join(unknown)}; a field is named like thing1")
    return found


def _quotas(given: Given, name: str) -> dict[str, int]:
    quotas = given.object(name)
    return {path.lstrip("/"): quotas.integer(path, None, 0, MOST_CALLS) for path in quotas.values}


def _pages(given: Given, name: str) -> set[str]:
    return set(given.texts(name))


def _deliveries(given: Given, name: str) -> list[Delivery]:
    return [delivery_of(item) for item in given.objects(name)]


SETTABLE: dict[str, Callable[[Given, str], object]] = {
    "templates": _templates,
    "pages": _pages,
    "quotas": _quotas,
    "risky_words": Given.texts,
    "review_words": Given.texts,
    "next_pushes": _deliveries,
}
