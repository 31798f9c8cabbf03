"""From a name in the Latin form of its language to its own letters."""

from collections.abc import Mapping


def in_native_letters(text: str, table: Mapping[str, str]) -> str:
    """A name written in the Latin form of its language, in the language's own letters, capitalised."""
    longest = max(map(len, table))
    words = []
    for word in text.lower().split("-"):
        parts, at = [], 0
        while at < len(word):
            length = next(n for n in range(longest, -1, -1) if n == 0 or word[at : at + n] in table)
            if length == 0:
                raise ValueError(f"no letter of its own for {word[at]!r}")
            parts.append(table[word[at : at + length]])
            at += length
        words.append("".join(parts).capitalize())
    return "-".join(words)
