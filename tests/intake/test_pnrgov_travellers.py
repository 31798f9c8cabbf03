from pnrgov_texts import HEADER, LEG, PNR, booking, names, one, read, rules

from pnr_pipeline.records.traveller import Document, Name


def test_a_traveller_without_documents_is_kept():
    traveller = one(booking("TIF+PEROVIC+VUKMR:A:1'"))
    assert (traveller.surname, traveller.given_names, traveller.title) == ("PEROVIC", "VUK", "MR")
    assert traveller.documents == ()
    assert traveller.locator == "KXW3J2"


def test_docs_give_birth_date_sex_nationality_and_document():
    traveller = one(
        booking(
            "TIF+PEROVIC+VUKMR:A:1'REF+:KXW3J20016885'"
            "SSR+DOCS:HK:1:MS:::CAI:FRA:/P/MNE/T9821217/MNE/01JAN52/M/06OCT35/PEROVIC/VUK+::1'"
            "SSR+DOCO:HK:1:MS:::CAI:FRA:/V/V10107129/MNE/05JAN26/DEU+::1'"
        )
    )
    assert (traveller.date_of_birth, traveller.sex) == ("1952-01-01", "M")
    assert (traveller.nationality, traveller.nationality_alpha3) == ("MNE", "MNE")
    assert traveller.carrier_reference == "KXW3J20016885"
    assert traveller.documents == (
        Document(type="P", number="T9821217", issuer="MNE", issuer_alpha3="MNE", expires="2035-10-06"),
        Document(type="V", number="V10107129", issuer="DEU", issuer_alpha3="DEU", issued="2026-01-05"),
    )
    assert traveller.other_names == ()


def test_a_document_in_another_name_is_kept_as_a_further_name():
    traveller = one(
        booking("TIF+HOXHA+MIRAMRS:A:1'SSR+DOCS:HK:1:MS:::::/P/ALB/BA1234567/ALB/02MAR80/F//KRASNIQI/MIRA+::1'")
    )
    assert (traveller.surname, traveller.given_names) == ("HOXHA", "MIRA")
    assert traveller.other_names == (Name("KRASNIQI", "MIRA", "DOCS"),)
    assert traveller.documents[0].number == "BA1234567"


def test_a_name_that_only_looks_titled_is_restored_by_its_document():
    traveller = one(booking("TIF+WEBER+ADAMS:A:1'SSR+DOCS:HK:1:MS:::::/P/DEU/C01X00T47/D/02MAR80/M//WEBER/ADAMS+::1'"))
    assert (traveller.given_names, traveller.title) == ("ADAMS", "")


def test_an_infant_has_no_title_of_a_grown_person():
    content = booking("TIF+HADDAD+OMAR BADR:IN:1'TIF+HADDAD+LINAMISS:IN:2'")
    assert [t.given_names for t in content.travellers] == ["OMAR BADR", "LINA"]


def test_titles_come_off_once_and_only_where_two_letters_remain():
    content = booking("TIF+A1+MOLLYMRS:A:1'TIF+A2+MOLLY MRS:A:2'TIF+A3+OMR:A:3'TIF+A4+OLEKSANDR:A:4'TIF+A5+HANSDR:A:5'")
    assert [(t.given_names, t.title) for t in content.travellers] == [
        ("MOLLY", "MRS"),
        ("MOLLY", "MRS"),
        ("OMR", ""),
        ("OLEKSANDR", ""),
        ("HANS", "DR"),
    ]


def test_mother_and_infant_stay_two_with_their_own_documents_under_the_mothers_reference():
    content = booking(
        "TIF+BERISHA:I+ARTAMRS:A:2:1'"
        "SSR+DOCS:HK:1:MS:::::/P/XKX/P00111222/XKX/20SEP25/FI/25OCT30/BERISHA/LEA MIRA/'"
        "SSR+DOCS:HK:1:MS:::::/P/XKX/P00333444/XKX/01JUL95/F/12NOV32/BERISHA/ARTA/'"
        "TIF+BERISHA:I+LEA:IN:3'"
    )
    mother, infant = content.travellers
    assert (mother.role, mother.date_of_birth, mother.documents[0].number) == ("passenger", "1995-07-01", "P00333444")
    assert (infant.role, infant.date_of_birth, infant.documents[0].number) == ("infant", "2025-09-20", "P00111222")
    assert infant.accompanied_by == mother.ordinal
    assert len(mother.documents) == len(infant.documents) == 1


def test_an_infant_known_only_from_inft_becomes_a_traveller_of_the_adult():
    content = booking("TIF+BERISHA+ARTAMRS:A:1.1'SSR+INFT:NN:1:MS:::::BERISHA/LEA 20SEP25+::01.01'")
    _, infant = content.travellers
    assert (infant.role, infant.surname, infant.given_names) == ("infant", "BERISHA", "LEA")
    assert (infant.date_of_birth, infant.accompanied_by) == ("2025-09-20", 1)


def test_an_infant_known_only_from_the_sex_of_a_document_becomes_a_traveller():
    content = booking(
        "TIF+BERISHA+ARTAMRS:A:1'"
        "SSR+DOCS:HK:1:MS:::::/P/XKX/P00333444/XKX/01JUL95/F/12NOV32/BERISHA/ARTA+::1'"
        "SSR+DOCS:HK:1:MS:::::/P/XKX/P00111222/XKX/20SEP25/MI/25OCT30/BERISHA/DRIN+::1'"
    )
    mother, infant = content.travellers
    assert mother.documents[0].number == "P00333444"
    assert (infant.role, infant.given_names, infant.sex, infant.accompanied_by) == ("infant", "DRIN", "M", 1)
    assert infant.documents[0].number == "P00111222"


def test_inft_docs_and_tif_of_one_infant_repeated_on_every_leg_make_one_infant():
    repeated = (
        "SSR+INFT:HK:1:MS:::CAI:FRA:BERISHA/LEA 20SEP25+::1'"
        "SSR+DOCS:HK:1:MS:::CAI:FRA:/P/XKX/P00111222/XKX/20SEP25/FI/25OCT30/BERISHA/LEA MIRA/+::1'"
    )
    content = booking("TIF+BERISHA+ARTAMRS:A:1:1'" + repeated + "TIF+BERISHA+LEAMISS:IN:2'", repeated)
    assert names(content) == [("BERISHA", "ARTA"), ("BERISHA", "LEA")]
    assert len(content.travellers[1].documents) == 1


def test_an_infants_document_with_plain_sex_does_not_become_the_adults():
    content = booking(
        "TIF+BERISHA+ARTAMRS:A:1'"
        "SSR+DOCS:HK:1:MS:::::/P/XKX/P00111222/XKX/20SEP25/F/25OCT30/BERISHA/LEA+::1'"
        "SSR+DOCS:HK:1:MS:::::/P/XKX/P00333444/XKX/01JUL95/F/12NOV32/BERISHA/ARTA+::1'"
    )
    mother, infant = content.travellers
    assert (mother.date_of_birth, mother.documents[0].number) == ("1995-07-01", "P00333444")
    assert (infant.role, infant.documents[0].number) == ("infant", "P00111222")


def test_twin_infants_stay_two():
    content = booking(
        "TIF+BERISHA+ARTAMRS:A:1'TIF+BERISHA+AGIMMR:A:2'"
        "SSR+INFT:HK:1:MS:::::BERISHA/ANA/20SEP25+::1'SSR+INFT:HK:1:MS:::::BERISHA/ANASTASIA/20SEP25+::2'"
    )
    assert [(t.given_names, t.accompanied_by) for t in content.travellers[2:]] == [("ANA", 1), ("ANASTASIA", 2)]


def test_an_infant_of_the_name_of_a_child_is_another_person_unless_their_birth_dates_are_one():
    party = "TIF+BERISHA+ARTAMRS:A:1:1'TIF+BERISHA+LEA:C:2'"
    request = "SSR+INFT:HK:1:MS:::::BERISHA/LEA 20SEP25+::1'"
    siblings = booking(party + request)
    assert [(t.role, t.given_names, t.date_of_birth) for t in siblings.travellers] == [
        ("passenger", "ARTA", None), ("passenger", "LEA", None), ("infant", "LEA", "2025-09-20"),
    ]  # fmt: skip
    child = "SSR+DOCS:HK:1:MS:::::/P/XKX/P00333444/XKX/{}/F/12NOV32/BERISHA/LEA+::2'"
    assert [t.date_of_birth for t in booking(party + request + child.format("01JUL19")).travellers] == [
        None, "2019-07-01", "2025-09-20",
    ]  # fmt: skip
    same = booking(party + request + child.format("20SEP25"))
    assert [(t.role, t.accompanied_by) for t in same.travellers] == [("passenger", None), ("infant", 1)]
    infants = booking(party + child.format("20SEP25").replace("/F/", "/FI/").replace("::2", "::1"))
    assert [(t.role, len(t.documents)) for t in infants.travellers] == [
        ("passenger", 0),
        ("passenger", 0),
        ("infant", 1),
    ]


def test_an_infant_request_without_a_name_is_the_known_infant_or_a_nameless_one():
    known = booking("TIF+BERISHA+ARTAMRS:A:1:1'SSR+INFT:HK:1:MS+::1'SSR+INFT:HK:1:MS:::::BERISHA/LEA 20SEP25+::1'")
    assert names(known) == [("BERISHA", "ARTA"), ("BERISHA", "LEA")]
    unknown = booking("TIF+BERISHA+ARTAMRS:A:1:1'SSR+INFT:HK:1:MS+::1'")
    assert names(unknown) == [("BERISHA", "ARTA"), ("", "")]
    assert unknown.travellers[1].role == "infant"


def test_an_infant_only_in_a_history_line_is_found_and_one_cancelled_there_is_not():
    line = "LTS+0/O/NM/BERISHA/ARTA MRS(ADT)(INF/LEA/20SEP25)'"
    content = booking("TIF+BERISHA+ARTA MRS:A:1'", line)
    infant = content.travellers[1]
    assert (infant.surname, infant.given_names, infant.date_of_birth) == ("BERISHA", "LEA", "2025-09-20")
    assert infant.accompanied_by == 1
    assert names(booking("TIF+BERISHA+ARTA MRS:A:1'", line + line.replace("/O/", "/C/"))) == [("BERISHA", "ARTA")]


def test_history_lines_add_no_infant_where_a_request_names_one():
    content = booking(
        "TIF+BERISHA+ARTA MRS:A:1'SSR+INFT:HK:1:MS:::::BERISHA/LEA MIRA 20SEP25+::1'",
        "LTS+0/O/NM/BERISHA/ARTA MRS(ADT)(INF/LEJA/20SEP25)'",
    )
    assert len(content.travellers) == 2


def test_infants_are_told_by_every_type_and_keep_their_adult():
    for kind in ("IN", "IF", "IM"):
        content = booking(f"TIF+DOE+JANEMRS:A:1:1'TIF+ROE+MAXMR:A:2'TIF+DOE+BABY:{kind}:1I'")
        assert [(t.role, t.accompanied_by) for t in content.travellers] == [
            ("passenger", None),
            ("passenger", None),
            ("infant", 1),
        ]


def test_an_infant_with_a_seat_of_its_own_is_an_infant():
    content = booking("TIF+DOE+JANEMRS:A:1'TIF+DOE+TIM:C:2'SSR+INST:HK:1:MS:::::20SEP25+::2'")
    assert (content.travellers[1].role, content.travellers[1].date_of_birth) == ("infant", "2025-09-20")


def test_references_are_one_whatever_their_zeros():
    for written in ("1", "001", "1.1", "01.01"):
        content = booking(
            "TIF+DOE+JANEMRS:A:1'TIF+DOE+JOHNMR:A:2'"
            f"SSR+DOCS:HK:1:MS:::::/P/GBR/123456789/GBR/01JUL90/F/12NOV32/SMITH/JANE ANN+::{written}'"
        )
        assert [len(t.documents) for t in content.travellers] == [1, 0]


def test_a_document_without_reference_finds_its_person_by_name():
    content = booking(
        "TIF+DOE+JANEMRS:A:1'TIF+DOE+JOHNMR:A:2'",
        "SSR+DOCS:HK:1:MS:::CAI:FRA:/P/GBR/123456789/GBR/01JUL90/M/12NOV32/DOE/JOHN PAUL'",
    )
    assert [len(t.documents) for t in content.travellers] == [0, 1]


def test_documents_under_swapped_references_follow_their_names():
    content = booking(
        "TIF+DOE+JANEMRS:A:1'TIF+DOE+JOHNMR:A:2'"
        "SSR+DOCS:HK:1:MS:::::/P/GBR/111111118/GBR/01JUL90/M/12NOV32/DOE/JOHN+::1'"
        "SSR+DOCS:HK:1:MS:::::/P/GBR/222222226/GBR/01JUL91/F/12NOV32/DOE/JANE+::2'"
    )
    assert [t.documents[0].number for t in content.travellers] == ["222222226", "111111118"]


def test_a_document_of_nobody_known_makes_a_new_person_and_a_finding():
    content = booking(
        "TIF+DOE+JANEMRS:A:1'SSR+DOCS:HK:1:MS:::::/P/GBR/111111118/GBR/01JUL90/F/12NOV32/DOE/JANE+::1'"
        "SSR+DOCS:HK:1:MS:::::/P/GBR/222222226/GBR/05MAY61/M/12NOV32/ROE/MAX+::1'"
    )
    assert names(content) == [("DOE", "JANE"), ("ROE", "MAX")]
    assert "PNR-03" in rules(content)


def test_a_father_and_a_son_of_one_name_stay_two():
    content = booking("TIF+DOE+JOHNMR:A:1'TIF+DOE+JOHNMR:A:2'")
    assert [t.ordinal for t in content.travellers] == [1, 2]


def test_several_persons_in_one_tif_are_several_travellers():
    content = booking("TIF+DOE:S+JANEMRS:A:1+JOHNMR:A:2+TIM:C:3'")
    assert names(content) == [("DOE", "JANE"), ("DOE", "JOHN"), ("DOE", "TIM")]
    assert [t.fare_type for t in content.travellers] == ["A", "A", "C"]


def test_a_group_name_is_no_traveller_but_a_person_of_a_group_is():
    content = booking("TIF+SEE THE WORLD:G:20'TIF+DOE:G+JANEMRS:A:1'")
    assert names(content) == [("DOE", "JANE")]
    assert (content.bookings[0].group_name, content.bookings[0].party_size) == ("SEE THE WORLD", 20)


def test_a_traveller_without_any_name_is_still_a_traveller():
    content = booking("TIF'TIF+DOE+JANEMRS:A:1'")
    assert names(content) == [("", ""), ("DOE", "JANE")]


def test_names_told_as_unknown_are_no_names():
    assert names(booking("TIF+LNU+JANEMRS:A:1'TIF+DOE+FNU:A:2'")) == [("", "JANE"), ("DOE", "")]


def test_a_single_letter_surname_is_kept_as_sent():
    assert names(booking("TIF+YY+MOANMISS:A'TIF+ATUYETMAIVAN+MISS:A'")) == [("YY", "MOAN"), ("ATUYETMAIVAN", "MISS")]


def test_a_booking_without_travellers_is_kept_with_a_finding():
    content = read(HEADER + PNR + LEG)
    assert content.travellers == ()
    assert content.bookings[0].locator == "KXW3J2"
    assert "PNR-02" in rules(content)


def test_travellers_are_numbered_through_the_message_and_know_their_booking():
    second = PNR.replace("KXW3J2", "ABC123")
    content = read(HEADER + PNR + "TIF+DOE+JANEMRS:A:1'" + LEG + second + "TIF+ROE+MAXMR:A:1'" + LEG)
    assert [(t.ordinal, t.booking, t.locator) for t in content.travellers] == [(1, 0, "KXW3J2"), (2, 1, "ABC123")]
    assert [b.travellers for b in content.bookings] == [(1,), (2,)]


def test_frequent_flyer_loyalty_and_tickets_belong_to_their_person():
    content = booking(
        "TIF+DOE+JANEMRS:A:1'FTI+MS:8794285757:::GOLD'TKT+0775475831909:T:1'"
        "SSR+TKNE:HK:1:MS:::CAI:FRA:0775475831909C1+::1'SSR+FQTV:HK:1:MS:::::MS8794285757+::1'"
        "TIF+DOE+TIM:IN:2'SSR+TKNE:HK:1:MS:::CAI:FRA:INF0775475831910C1+::1'"
    )
    jane, tim = content.travellers
    assert (jane.frequent_flyer, jane.tickets) == (("MS8794285757 GOLD",), ("0775475831909",))
    assert tim.tickets == ("0775475831910",)


def test_residence_and_destination_addresses_are_told_apart():
    content = booking(
        "TIF+DOE+JANEMRS:A:1'SSR+DOCA:HK:1:MS:::::/R/MKD/ILINDENSKA 5/SKOPJE//1000+::1'"
        "SSR+DOCA:HK:1:MS:::::/D/DEU/RINGSTRASSE 1/KOELN//50667+::1'"
    )
    traveller = one(content)
    assert traveller.address == "ILINDENSKA 5, SKOPJE, 1000"
    assert traveller.residence is not None
    assert traveller.residence.country_alpha3 == "MKD"
    assert [(c.kind, c.value, c.traveller) for c in content.bookings[0].contacts] == [
        ("address", "RINGSTRASSE 1, KOELN, 50667, DEU", 1)
    ]
