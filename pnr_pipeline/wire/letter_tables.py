"""Which capitals of A to Z stand for a letter of a name, table by table: ICAO Doc 9303-3, section 6, and national laws.

Data only; `mrz_letters` applies them. A key is a letter or a run of letters in capitals, `^` before it the beginning
and `$` behind it the end of a word. Alternatives stand in the order in which they are preferred. `confirmed` is False
where a table has not been compared with its official text: its readings are to be confirmed.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple


class LetterTable(NamedTuple):
    """One table, or one to be laid over another: letters with all their readings, and where it is written."""

    letters: Mapping[str, tuple[str, ...]]
    source: str
    confirmed: bool = True

    @property
    def first(self) -> dict[str, str]:
        """Each letter with its preferred reading."""
        return {letter: readings[0] for letter, readings in self.letters.items()}


def _table(text: str, source: str, confirmed: bool = True) -> LetterTable:
    pairs = (pair.split("=") for pair in text.split())
    return LetterTable(
        MappingProxyType({letter: tuple(readings.split("/")) for letter, readings in pairs}), source, confirmed
    )


def _all(letters: str, reading: str) -> str:
    return " ".join(f"{letter}={reading}" for letter in letters)


_DOC_9303 = "ICAO Doc 9303-3, section 6"

LATIN: Final = _table(
    " ".join(
        _all(letters, reading)
        for letters, reading in (
            ("ÀÁÂÃĀĂĄ", "A"), ("Ä", "AE/A"), ("Å", "AA/A"), ("Æ", "AE"), ("ÇĆĈĊČ", "C"), ("ÐĐĎ", "D"),
            ("ÈÉÊËĒĔĖĘĚ", "E"), ("ĜĞĠĢ", "G"), ("ĤĦ", "H"), ("ÌÍÎÏĨĪĬĮİı", "I"), ("Ĳ", "IJ"), ("Ĵ", "J"), ("Ķ", "K"),
            ("ĹĻĽĿŁ", "L"), ("ŃŅŇŊ", "N"), ("Ñ", "N/NXX"), ("ÒÓÔÕŌŎŐ", "O"), ("Ö", "OE/O/OXX"), ("Ø", "OE"),
            ("Œ", "OE"), ("ŔŖŘ", "R"), ("ŚŜŞȘŠ", "S"), ("ẞß", "SS"), ("ŢȚŤŦ", "T"), ("Þ", "TH"), ("ÙÚÛŨŪŬŮŰŲ", "U"),
            ("Ü", "UE/U/UXX"), ("Ŵ", "W"), ("ÝŶŸ", "Y"), ("ŹŻŽ", "Z"),
        )
    ),
    f"{_DOC_9303} A",
)  # fmt: skip
"""A reading that ends in XX is an escape of machine readable zones; nobody books under it."""

AZERBAIJANI: Final = _table("Ə=A", "Azerbaijani passports", confirmed=False)

CYRILLIC: Final = _table(
    "А=A Б=B В=V Г=G Д=D Е=E Ж=ZH З=Z И=I Й=I К=K Л=L М=M Н=N О=O П=P Р=R С=S Т=T У=U Ф=F Х=KH Ц=TS Ч=CH Ш=SH Щ=SHCH"
    " Ъ=IE Ы=Y Ь= Э=E Ю=IU Я=IA Ё=E І=I Ї=I Є=IE Ґ=G Ў=U Ђ=D Ѓ=G Ѕ=DZ Ј=J Ќ=K Љ=LJ Њ=NJ Ћ=C Џ=DZ Ѫ=U",
    f"{_DOC_9303} B; Ќ to be confirmed",
)
"""The default; a language's own table is laid over it."""

BELARUSIAN: Final = _table("Г=H/G Ё=IO/E", f"{_DOC_9303} B, Belarusian")
BULGARIAN: Final = _table("Щ=SHT", f"{_DOC_9303} B, Bulgarian")
BULGARIAN_2009: Final = _table("Х=H Й=Y Ъ=A Ь=Y Ю=YU Я=YA", "Bulgarian Transliteration Act of 2009")
BULGARIAN_2009_ENDING: Final = _table("ИЯ$=IA", "Bulgarian Transliteration Act of 2009, art. 6", confirmed=False)
MACEDONIAN: Final = _table("Ѓ=GJ Ќ=KJ Џ=DJ Х=H Ц=C", f"{_DOC_9303} B, Macedonian")
SERBIAN: Final = _table("Ж=Z Х=H Ц=C Ч=C Ћ=C Ш=S", f"{_DOC_9303} B, Serbian")
SERBIAN_VARIANTS: Final = _table(
    "Г=G/H Ђ=D/DJ", f"{_DOC_9303} B, Serbian, prints H for Г; documents follow the national Latin", confirmed=False
)
UKRAINIAN: Final = _table("И=Y Г=H/G", f"{_DOC_9303} B, Ukrainian")
UKRAINIAN_2010: Final = _table(
    "И=Y Г=H ЗГ=ZGH Ґ=G ^Є=YE ^Ї=YI ^Й=Y ^Ю=YU ^Я=YA Є=IE Ї=I Й=I Ю=IU Я=IA '=",
    "Resolution 55 of the Cabinet of Ministers of Ukraine, 2010",
)

GREEK: Final = _table(
    "Α=A Β=V Γ=G Δ=D Ε=E Ζ=Z Η=I Θ=TH Ι=I Κ=K Λ=L Μ=M Ν=N Ξ=X Ο=O Π=P Ρ=R Σ=S Τ=T Υ=Y Φ=F Χ=CH Ψ=PS Ω=O",
    "ELOT 743, as Greek passports have it",
)
GREEK_PAIRS: Final = _table(
    "ΟΥ=OU ΜΠ=MP/B ΝΤ=NT ΓΓ=NG ΓΞ=NX ΓΧ=NCH ΑΥ=AV/AF ΕΥ=EV/EF ΗΥ=IV/IF", "ELOT 743, pairs of letters"
)
GREEK_IN_PLACE: Final = _table(
    "Ϊ=I Ϋ=Y ^ΜΠ=B/MP ΑΥΘ=AFTH ΑΥΚ=AFK ΑΥΣ=AFS ΑΥΤ=AFT ΑΥΧ=AFCH"
    " ΕΥΘ=EFTH ΕΥΚ=EFK ΕΥΣ=EFS ΕΥΤ=EFT ΕΥΦ=EFF ΕΥΧ=EFCH ΕΥΞ=EFX ΕΥΨ=EFPS",
    "ELOT 743, pairs by what stands around them",
)

ARABIC: Final = _table(
    "ا=A آ=XAA أ=XAE ء=XE إ=I ئ=XI ؤ=U ب=B ة=XTA ة$=XAH ت=T ث=XTH ج=J ح=XH خ=XKH د=D ذ=XDH ر=R ز=Z س=S ش=XSH ص=XSS "
    "ض=XDZ ط=XTT ظ=XZZ ع=E غ=G ف=F ق=Q ك=K ل=L م=M ن=N ه=H و=W ى=XAY ي=Y",
    f"{_DOC_9303} C; final ة to be confirmed",
)
PERSIAN_URDU: Final = _table("پ=P چ=XC ژ=XJ گ=XGG ک=XKK ی=XYA ٹ=XXT ڈ=XXD ڑ=XXR ے=XYB", f"{_DOC_9303} C")

ARMENIAN_PAIRS: Final = _table("ՈՒ=U ԵՒ=EV", "Armenian passports", confirmed=False)
"""One vowel written with two letters, and the ligature և in capitals: letter by letter they read OW and EW."""

GEORGIAN: Final = _table(
    "ა=A ბ=B გ=G დ=D ე=E ვ=V ზ=Z თ=T ი=I კ=K ლ=L მ=M ნ=N ო=O პ=P ჟ=ZH რ=R ს=S ტ=T უ=U ფ=P ქ=K ღ=GH ყ=Q შ=SH ჩ=CH ც=TS"
    " ძ=DZ წ=TS ჭ=CH ხ=KH ჯ=J ჰ=H",
    "Georgian national romanisation of 2002, apostrophes dropped",
)

TABLES: Final[Mapping[str, tuple[tuple[LetterTable, ...], ...]]] = MappingProxyType({
    "": (
        (LATIN, AZERBAIJANI, CYRILLIC, GREEK, GREEK_PAIRS, GREEK_IN_PLACE, ARABIC, PERSIAN_URDU, ARMENIAN_PAIRS,
         GEORGIAN),
    ),
    "be": ((CYRILLIC, BELARUSIAN),),
    "bg": ((CYRILLIC, BULGARIAN), (CYRILLIC, BULGARIAN, BULGARIAN_2009),
           (CYRILLIC, BULGARIAN, BULGARIAN_2009, BULGARIAN_2009_ENDING)),
    "mk": ((CYRILLIC, MACEDONIAN),),
    "sr": ((CYRILLIC, SERBIAN, SERBIAN_VARIANTS),),
    "uk": ((CYRILLIC, UKRAINIAN), (CYRILLIC, UKRAINIAN, UKRAINIAN_2010)),
})  # fmt: skip
"""By language (ISO 639-1, '' for the default of each script): stacks of tables, each laid over the one before, that of
Doc 9303 first, then those of national laws."""


def stacked(tables: tuple[LetterTable, ...]) -> dict[str, tuple[str, ...]]:
    """One mapping of a stack of tables, later ones laid over earlier ones."""
    laid: dict[str, tuple[str, ...]] = {}
    for table in tables:
        laid |= table.letters
    return laid
