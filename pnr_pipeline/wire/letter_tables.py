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

LATIN_BOOKED: Final = _table(
    "Ä=A Å=A Ö=O Ü=U Ø=O Đ=DJ Ə=E Æ=E Œ=E Þ=T Ñ=N Ő=OE Ű=UE",
    "The bare letter instead of the pair, as bookings have it; Đ by its sound",
)
LATIN_SPOKEN: Final = _table(
    "Ç=CH Č=CH Ć=CH Ş=SH Š=SH Ș=SH Ś=SH Ž=ZH Ż=ZH Ț=TS Ţ=TS Ğ= Ñ=NY Ł=W Ə=E Ü=U Ö=O Ä=A Å=A Ø=O Đ=DJ Þ=S Ð=G Ý=I",
    "Letters with marks by their sound, as English texts spell them; Þ Ð Ý are Turkish Ş Ğ İ in a Western code page",
)
LATIN_ESCAPED: Final = _table("OXX=O/OE UXX=U/UE NXX=N", "ICAO Doc 9303-3, section 6 A: escapes of letters with marks")

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

BELARUSIAN_2007: Final = _table(
    "Г=H Е=E/IE Ё=IO/E Ж=Z Й=J Х=CH Ц=C Ч=C Ш=S Ю=JU/IU Я=JA/IA І=I Ў=U",
    "Belarusian instruction on geographical names of 2007, marks dropped; people write their names after it",
    confirmed=False,
)
CYRILLIC_BOOKED: Final = _table(
    "^Е=YE Ё=YO Й=Y Ю=YU Я=YA Щ=SCH Ї=YI Є=YE Ў=W", "BGN/PCGN 1947, as bookings and English texts have it"
)
CYRILLIC_SCHOLARLY: Final = _table(
    "Ё=JO Ж=Z Й=J Х=CH Ц=C Ч=C Ш=S Щ=SC Ю=JU Я=JA Є=JE Ї=JI", "ISO/R 9:1968, marks dropped; German and Baltic texts"
)
CYRILLIC_FRENCH: Final = _table(
    "Ж=J У=OU Ч=TCH Ш=CH Щ=CHTCH Ю=IOU ИН$=INE",
    "French spelling of passports of the Soviet Union and Russia to 1997 and of Bulgaria to 1999",
    confirmed=False,
)
CYRILLIC_LOOKALIKE: Final = _table(
    "А=A В=B Е=E К=K М=M Н=H О=O Р=P С=C Т=T У=Y Х=X І=I Ј=J Ѕ=S",
    "Cyrillic capitals typed for Latin ones, by their shape",
)
SERBIAN_BOOKED: Final = _table("Ђ=DJ", "Serbian without marks, as bookings have it")
SERBIAN_ENGLISH: Final = _table("Ђ=DJ Ж=ZH Ч=CH Ћ=CH Ш=SH Џ=DZ", "Serbian as English texts have it")
MACEDONIAN_BOOKED: Final = _table("Ѓ=G Ќ=K Џ=DZH", "Macedonian as English texts have it")

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
GREEK_SPOKEN: Final = _table(
    "ΜΠ=B ΝΤ=D ΓΚ=G ΓΓ=NG ΤΖ=J ΑΥ=AF ΕΥ=EF ΗΥ=IF Χ=H Υ=I Γ=G ΓΕ=YE ΓΙ=YI Ξ=KS ΟΥ=U ΕΙ=I ΟΙ=I ΑΙ=E",
    "Greek by its sound, as people abroad spell their names",
)
GREEK_BOOKED: Final = _table("Χ=H", "ELOT 743, but for Χ as bookings have it")
GREEK_LETTERED: Final = _table(
    "Β=B Η=E ΟΥ=OU ΑΥ=AU ΕΥ=EU Φ=PH Χ=CH ΜΠ=MP ΝΤ=ND ΓΚ=GK ΓΓ=GG", "Greek letter by letter, after ancient usage"
)

ARABIC: Final = _table(
    "ا=A آ=XAA أ=XAE ء=XE إ=I ئ=XI ؤ=U ب=B ة=XTA ة$=XAH ت=T ث=XTH ج=J ح=XH خ=XKH د=D ذ=XDH ر=R ز=Z س=S ش=XSH ص=XSS "
    "ض=XDZ ط=XTT ظ=XZZ ع=E غ=G ف=F ق=Q ك=K ل=L م=M ن=N ه=H و=W ى=XAY ي=Y",
    f"{_DOC_9303} C; final ة to be confirmed",
)
PERSIAN_URDU: Final = _table("پ=P چ=XC ژ=XJ گ=XGG ک=XKK ی=XYA ٹ=XXT ڈ=XXD ڑ=XXR ے=XYB", f"{_DOC_9303} C")
ARABIC_SPOKEN: Final = _table(
    "ا=A آ=A أ=A إ=I ٱ=A ب=B ت=T ث=TH ج=J ح=H خ=KH د=D ذ=DH ر=R ز=Z س=S ش=SH ص=S ض=D ط=T ظ=Z ع= غ=GH ف=F ق=Q ك=K ل=L"
    " م=M ن=N ه=H و=U ي=I ى=A ة=A ء= ئ=I ؤ=U پ=P چ=CH ژ=ZH گ=G ک=K ڪ=K ی=I ې=E ۍ=I ھ=H ہ=H ۃ=A ە=E ۀ=E ے=E ٹ=T ټ=T"
    " ڈ=D ډ=D ڑ=R ړ=R ں=N ڼ=N ۆ=O ۇ=U ێ=E ڕ=R ڵ=L ڤ=V ڭ=NG ښ=SH ږ=ZH څ=TS ځ=DZ ۋ=V",
    "BGN/PCGN 1956 (Arabic) and 1958 (Persian), marks and ayn dropped; letters of Pashto, Urdu and Kurdish by sound",
)
"""Long vowels as vowels; short ones are not written."""
ARABIC_EASTERN: Final = _table("ض=Z ذ=Z ظ=Z ث=S خ=H", "Arabic letters as Persian, Turkish and Slavic spell them")
ARABIC_HARD: Final = _table("ج=G ق=G غ=G ظ=D", "Arabic letters as Egypt and the Maghreb say them, and in foreign names")

HEBREW: Final = _table(
    "א=A ב=B ג=G ד=D ה=H ו=V ז=Z ח=H ט=T י=I כ=K ך=K ל=L מ=M ם=M נ=N ן=N ס=S ע=A פ=P ף=F צ=TS ץ=TS ק=K ר=R ש=SH ת=T",
    "Academy of the Hebrew Language, romanisation of 2006, marks dropped; vowels are not written",
    confirmed=False,
)
HEBREW_SOFT: Final = _table(
    "ב=V ^ב=B ו=O פ=F ^פ=P ח=CH כ=CH ^כ=K ך=CH ע=",
    "Hebrew letters that are soft, or that older spellings write otherwise",
)

ARMENIAN: Final = _table(
    "Ա=A Բ=B Գ=G Դ=D Ե=E ^Ե=YE Զ=Z Է=E Ը=Y Թ=T Ժ=ZH Ի=I Լ=L Խ=KH Ծ=TS Կ=K Հ=H Ձ=DZ Ղ=GH Ճ=CH Մ=M Յ=Y Ն=N Շ=SH Ո=O"
    " ^Ո=VO Չ=CH Պ=P Ջ=J Ռ=R Ս=S Վ=V Տ=T Ր=R Ց=TS Ւ=V Փ=P Ք=K Օ=O Ֆ=F ՈՒ=U ^ՈՒ=U ԵՒ=EV ^ԵՒ=YEV և=EV",
    "BGN/PCGN 1981, apostrophes dropped",
)
ARMENIAN_SCHOLARLY: Final = _table(
    "^Ե=E Ը=E Ժ=Z Խ=X Ծ=C Ձ=J Ղ=L Ճ=C Յ=Y Շ=S ^Ո=O Չ=C Ջ=J Ց=C Ւ=W", "Hübschmann-Meillet, marks dropped"
)
ARMENIAN_WESTERN: Final = _table(
    "^Ե=YE Բ=P Գ=K Դ=T Կ=G Պ=B Տ=D Ծ=DZ Ձ=TS Ճ=J Ջ=CH ^Յ=H", "ALA-LC, note 1: Western Armenian values"
)
ARMENIAN_RUSSIAN: Final = _table(
    "^Ե=E Հ=G Ղ=G Ջ=DZH Յ=I Ը=", "Armenian names by way of Russian documents", confirmed=False
)

ARMENIAN_PAIRS: Final = _table("ՈՒ=U ԵՒ=EV", "Armenian passports", confirmed=False)
"""One vowel written with two letters, and the ligature և in capitals: letter by letter they read OW and EW."""

GEORGIAN: Final = _table(
    "ა=A ბ=B გ=G დ=D ე=E ვ=V ზ=Z თ=T ი=I კ=K ლ=L მ=M ნ=N ო=O პ=P ჟ=ZH რ=R ს=S ტ=T უ=U ფ=P ქ=K ღ=GH ყ=Q შ=SH ჩ=CH ც=TS"
    " ძ=DZ წ=TS ჭ=CH ხ=KH ჯ=J ჰ=H",
    "Georgian national romanisation of 2002, apostrophes dropped",
)
GEORGIAN_RUSSIAN: Final = _table(
    "ღ=G ყ=K ჟ=J ჯ=DJ ც=C წ=C ხ=H ფ=F", "Georgian names by way of Russian and French documents", confirmed=False
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
