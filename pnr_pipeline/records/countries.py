"""Countries and other States of nationality, by the codes that messages and documents carry."""

from functools import cache

import pycountry

DOC_9303_SPECIALS = frozenset(
    {"GBD", "GBN", "GBO", "GBP", "GBS", "EUE", "UNO", "UNA", "UNK", "XXA", "XXB", "XXC", "XXX", "XOM", "XPO"}
    | {"XBA", "XIM", "XCC", "XCO", "XEC", "XCE", "XES", "XDC", "UTO"}
)
"""Codes of ICAO Doc 9303-3 that ISO 3166 lacks: British classes, organisations, stateless, refugees, specimen."""

_FORMER_STATES = {"YUG", "SCG", "SUN", "CSK", "DDR", "ANT"}  # still told as places of birth

_OTHER_FORMS = {
    "D": "DEU",  # Doc 9303-3: Germany in machine readable zones
    "XK": "XKX",
    "RKS": "XKX",  # Doc 9303-3
    "KOS": "XKX",
    "UK": "GBR",
    "EL": "GRC",  # EU usage
    "EU": "EUE",
    "UN": "UNO",
    "ROM": "ROU",
    "TMP": "TLS",
    "ZAR": "COD",
    "BUR": "MMR",
}

_OTHER_NAMES = {  # as the lists of OFAC, the United Nations and the European Union write them
    "BRUNEI": "BRN",
    "BURMA": "MMR",
    "CAPE VERDE": "CPV",
    "CONGO, DEMOCRATIC REPUBLIC OF THE": "COD",
    "COTE D'IVOIRE": "CIV",
    "DEMOCRATIC REPUBLIC OF THE CONGO": "COD",
    "IRAN (ISLAMIC REPUBLIC OF)": "IRN",
    "IVORY COAST": "CIV",
    "KOREA, NORTH": "PRK",
    "KOREA, SOUTH": "KOR",
    "KOSOVO": "XKX",
    "MACEDONIA": "MKD",
    "MICRONESIA": "FSM",
    "PALESTINE": "PSE",
    "PALESTINIAN": "PSE",
    "REPUBLIC OF KOREA": "KOR",
    "RUSSIA": "RUS",
    "SERBIA AND MONTENEGRO": "SCG",
    "STATE OF PALESTINE": "PSE",
    "SWAZILAND": "SWZ",
    "THE GAMBIA": "GMB",
    "TURKEY": "TUR",
    "TURKIYE": "TUR",
    "YUGOSLAVIA": "YUG",
}


def alpha3(code: str) -> str:
    """The alpha-3 code of a country as sent: alpha-2, alpha-3, a Doc 9303 code or an English name; '' when unknown.

    Kosovo is XKX for XK, XKX and RKS alike, so that one nationality has one code.
    """
    table = _table()
    return table.get(code) or table.get(code.strip(" <").upper(), "")


@cache
def _table() -> dict[str, str]:
    table = {"XKX": "XKX"}
    for country in pycountry.countries:
        for form in (country.name, getattr(country, "common_name", ""), getattr(country, "official_name", "")):
            if form:
                table[form.upper()] = country.alpha_3
        table[country.alpha_2] = table[country.alpha_3] = country.alpha_3
    return table | {code: code for code in DOC_9303_SPECIALS | _FORMER_STATES} | _OTHER_FORMS | _OTHER_NAMES
