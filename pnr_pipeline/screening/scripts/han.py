"""Chinese and Korean names: surname and given name stand in one word, one letter a syllable."""

import re

from anyascii import anyascii

_DOUBLE_SURNAMES = frozenset(
    re.findall("..", "欧阳歐陽司马司馬诸葛諸葛上官司徒东方東方皇甫尉迟尉遲公孙公孫慕容令狐宇文长孙長孫")
)
_NAME_MAX = 4


def _is_syllable(letter: str) -> bool:
    """Whether this is a Chinese character or a Korean syllable."""
    return "\uac00" <= letter <= "\ud7a3" or "\u4e00" <= letter <= "\u9fff" or "\u3400" <= letter <= "\u4dbf"


def split(word: str) -> tuple[str, ...]:
    """Surname and given name of a word of two to four characters; any other word as it is."""
    if not 2 <= len(word) <= _NAME_MAX or not all(map(_is_syllable, word)):
        return (word,)
    at = 2 if len(word) > 2 and word[:2] in _DOUBLE_SURNAMES else 1
    return word[:at], word[at:]


def forms(word: str) -> list[str]:
    """The word in pinyin without tones."""
    return [anyascii(word).upper()]
