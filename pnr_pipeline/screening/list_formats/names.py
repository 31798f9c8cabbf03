"""Names of entries as lists give them."""

from pnr_pipeline.records import EntryName


def name_of_parts(surname: str, given: str, kind: str = "primary", script: str = "") -> EntryName:
    """A name whose parts are known; `full` has the given names first."""
    return EntryName(f"{given} {surname}".strip(), surname.strip(), given.strip(), kind, script)


def name_with_comma(text: str, kind: str = "primary") -> EntryName:
    """`SURNAME, Given Names`; without a comma the whole, its parts unknown."""
    surname, comma, given = text.partition(",")
    return name_of_parts(surname, given.strip(), kind) if comma else EntryName(text.strip(), kind=kind)


def each_once(names: list[EntryName]) -> tuple[EntryName, ...]:
    """Names without repetition; a name that stands as primary and as weak is primary."""
    kept: dict[str, EntryName] = {}
    for name in sorted(names, key=lambda one: ("primary", "alias", "weak").index(one.kind)):
        if name.full:
            kept.setdefault(name.full.casefold(), name)
    return tuple(kept.values())
