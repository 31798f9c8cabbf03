# ruff: noqa: E501  the lists below have the shape in which they are published
"""Lists in the forms their owners publish; every person in them is invented."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pnr_pipeline.errors import RuleFault, WireFault
from pnr_pipeline.screening.list_formats.formats import FORMATS, CsvForm, read_list

SDN = (
    '36,"EXAMPLE TRADING LTD",-0- ,"PROG",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- \r\n'
    '9001,"KELMENDI, Arben","individual","PROG",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"DOB 10 Dec 1968; alt. DOB 1969; '
    "POB Peje, Kosovo; nationality Albania; Gender Male; Passport AB1234567 (Albania) expires 01 Jan 2027; "
    'National ID No. 77-881 (Kosovo); a.k.a. ""BENKO""."\r\n'
    "\x1a"
)
ALT = '9001,12,"aka","KELMENDI, Ben",-0- \r\n9001,13,"fka","KELMENDI, Arben",-0- \r\n36,14,"aka","EXTRA",-0- \r\n'

ADVANCED = """<?xml version="1.0" encoding="utf-8"?>
<Sanctions xmlns="http://www.un.org/sanctions/1.0">
 <ReferenceValueSets>
  <CountryValues><Country ID="11" ISO2="AL">Albania</Country><Country ID="12" ISO2="XK">Kosovo</Country></CountryValues>
  <FeatureTypeValues><FeatureType ID="8">Birthdate</FeatureType><FeatureType ID="224">Gender</FeatureType>
   <FeatureType ID="10">Nationality Country</FeatureType></FeatureTypeValues>
  <NamePartTypeValues><NamePartType ID="1520">Last Name</NamePartType><NamePartType ID="1521">First Name</NamePartType>
  </NamePartTypeValues>
  <ScriptValues><Script ID="215">Latin</Script><Script ID="220">Cyrillic</Script></ScriptValues>
  <IDRegDocTypeValues><IDRegDocType ID="1571">Passport</IDRegDocType><IDRegDocType ID="1626">Vessel Registration</IDRegDocType>
  </IDRegDocTypeValues>
  <PartySubTypeValues><PartySubType ID="4" PartyTypeID="1">Individual</PartySubType>
   <PartySubType ID="3" PartyTypeID="2">Entity</PartySubType></PartySubTypeValues>
  <DetailReferenceValues><DetailReference ID="91526">Male</DetailReference></DetailReferenceValues>
 </ReferenceValueSets>
 <Locations><Location ID="500"><LocationCountry CountryID="11"/></Location></Locations>
 <IDRegDocuments>
  <IDRegDocument ID="1" IDRegDocTypeID="1571" IdentityID="91" IssuedBy-CountryID="12">
   <IDRegistrationNo>AB1234567</IDRegistrationNo></IDRegDocument>
  <IDRegDocument ID="2" IDRegDocTypeID="1626" IdentityID="91"><IDRegistrationNo>IMO 1</IDRegistrationNo></IDRegDocument>
 </IDRegDocuments>
 <DistinctParties>
  <DistinctParty FixedRef="9001"><Profile ID="9001" PartySubTypeID="4">
   <Identity ID="91" Primary="true">
    <Alias AliasTypeID="1403" Primary="true" LowQuality="false">
     <DocumentedName ID="71"><DocumentedNamePart><NamePartValue NamePartGroupID="811" ScriptID="215">Arben</NamePartValue>
      </DocumentedNamePart><DocumentedNamePart><NamePartValue NamePartGroupID="812" ScriptID="215">KELMENDI</NamePartValue>
      </DocumentedNamePart></DocumentedName>
     <DocumentedName ID="72"><DocumentedNamePart><NamePartValue NamePartGroupID="813" ScriptID="220">Арбен Кельменди</NamePartValue>
      </DocumentedNamePart></DocumentedName>
    </Alias>
    <Alias AliasTypeID="1400" Primary="false" LowQuality="true">
     <DocumentedName ID="73"><DocumentedNamePart><NamePartValue NamePartGroupID="811" ScriptID="215">Benko</NamePartValue>
      </DocumentedNamePart></DocumentedName></Alias>
    <NamePartGroups>
     <MasterNamePartGroup><NamePartGroup ID="811" NamePartTypeID="1521"/></MasterNamePartGroup>
     <MasterNamePartGroup><NamePartGroup ID="812" NamePartTypeID="1520"/></MasterNamePartGroup>
    </NamePartGroups>
   </Identity>
   <Feature ID="1" FeatureTypeID="8"><FeatureVersion><DatePeriod>
     <Start Approximate="false"><From><Year>1968</Year><Month>12</Month><Day>10</Day></From><To><Year>1968</Year><Month>12</Month>
     <Day>10</Day></To></Start><End Approximate="false"><From><Year>1968</Year><Month>12</Month><Day>10</Day></From><To>
     <Year>1968</Year><Month>12</Month><Day>10</Day></To></End></DatePeriod></FeatureVersion></Feature>
   <Feature ID="2" FeatureTypeID="8"><FeatureVersion><DatePeriod>
     <Start Approximate="false"><From><Year>1969</Year><Month>1</Month><Day>1</Day></From></Start>
     <End Approximate="false"><To><Year>1969</Year><Month>12</Month><Day>31</Day></To></End></DatePeriod></FeatureVersion></Feature>
   <Feature ID="3" FeatureTypeID="224"><FeatureVersion><VersionDetail DetailReferenceID="91526"/></FeatureVersion></Feature>
   <Feature ID="4" FeatureTypeID="10"><FeatureVersion><VersionLocation LocationID="500"/></FeatureVersion></Feature>
  </Profile></DistinctParty>
  <DistinctParty FixedRef="36"><Profile ID="36" PartySubTypeID="3"><Identity ID="92"/></Profile></DistinctParty>
 </DistinctParties>
</Sanctions>"""

UN = """<?xml version="1.0" encoding="utf-8"?><CONSOLIDATED_LIST dateGenerated="2026-11-01T00:00:00Z"><INDIVIDUALS>
 <INDIVIDUAL><DATAID>1</DATAID><FIRST_NAME>ARBEN</FIRST_NAME><SECOND_NAME>IBN</SECOND_NAME><THIRD_NAME>KELMENDI</THIRD_NAME>
  <UN_LIST_TYPE>Al-Qaida</UN_LIST_TYPE><REFERENCE_NUMBER>QDi.999</REFERENCE_NUMBER><GENDER>Male</GENDER>
  <NAME_ORIGINAL_SCRIPT>أربن كلمندي</NAME_ORIGINAL_SCRIPT>
  <NATIONALITY><VALUE>Albania</VALUE><VALUE>Kosovo</VALUE></NATIONALITY>
  <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>KELMENDI, Ben; Beni Kelmendi</ALIAS_NAME></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>Benko</ALIAS_NAME></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><DATE>1968-12-10</DATE></INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1969</FROM_YEAR><TO_YEAR>1970</TO_YEAR>
  </INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1975</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
  <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>AB1234567</NUMBER>
   <COUNTRY_OF_ISSUE>Albania</COUNTRY_OF_ISSUE></INDIVIDUAL_DOCUMENT><INDIVIDUAL_DOCUMENT/>
 </INDIVIDUAL></INDIVIDUALS>
 <ENTITIES><ENTITY><DATAID>2</DATAID><FIRST_NAME>EXAMPLE TRADING</FIRST_NAME></ENTITY></ENTITIES></CONSOLIDATED_LIST>"""

EU = """<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2026-11-01T00:00:00Z" globalFileId="1">
 <sanctionEntity euReferenceNumber="EU.999.1" logicalId="13"><subjectType code="person" classificationCode="P"/>
  <nameAlias firstName="Arben" middleName="Ibn" lastName="Kelmendi" wholeName="Arben Ibn Kelmendi" gender="M" strong="true"/>
  <nameAlias wholeName="Арбен Келменди" strong="true"/><nameAlias wholeName="Benko" strong="false"/>
  <citizenship countryIso2Code="AL"/><citizenship countryIso2Code="00"/>
  <birthdate circa="false" birthdate="1968-12-10" dayOfMonth="10" monthOfYear="12" year="1968"/>
  <birthdate circa="false" monthOfYear="8" year="1961"/>
  <birthdate circa="true" yearRangeFrom="1953" yearRangeTo="1955"/>
  <identification identificationTypeCode="passport" number="AB1234567" countryIso2Code="AL" knownFalse="false"/>
  <identification identificationTypeCode="passport" number="ZZ0000000" countryIso2Code="AL" knownFalse="true"/>
 </sanctionEntity>
 <sanctionEntity logicalId="14"><subjectType code="enterprise" classificationCode="E"/><nameAlias wholeName="Example"/></sanctionEntity>
</export>"""

PERSON = {
    "id": "ex-1", "schema": "Person", "properties": {
        "name": ["Arben Kelmendi"], "alias": ["Ben Kelmendi"], "weakAlias": ["Benko"], "firstName": ["Arben"],
        "lastName": ["Kelmendi"], "birthDate": ["1968-12-10", "1969"], "gender": ["male"], "nationality": ["al"],
        "passportNumber": ["AB1234567", "CD7654321"], "topics": ["crime"],
        "passportEntities": [{"id": "ex-2", "schema": "Passport",
                              "properties": {"number": ["AB1234567"], "country": ["al"], "holder": ["ex-1"]}}],
    },
}  # fmt: skip
APART = {
    "id": "ex-3",
    "schema": "Identification",
    "properties": {"holder": ["ex-1"], "number": ["77881"], "country": ["xk"]},
}
FIRM = {"id": "ex-4", "schema": "Company", "properties": {"name": ["Example"]}}

NOTICE = {
    "entity_id": "2026/1", "name": "KELMENDI", "forename": "ARBEN", "date_of_birth": "1968/12/10", "sex_id": "M",
    "nationalities": ["AL"], "arrest_warrants": [{"charge": "not kept"}],
}  # fmt: skip


def read(form, **files):
    return read_list(form, {name.replace("_", "."): io.BytesIO(text.encode()) for name, text in files.items()}, "demo")


def kinds(entry):
    return {(name.full, name.kind) for name in entry.names}


def test_the_delimited_form_of_ofac_is_read_with_what_its_remarks_tell():
    imported = read("ofac-csv", sdn_csv=SDN, alt_csv=ALT)
    (entry,) = imported.entries
    assert (entry.id, entry.dob, entry.gender, entry.nationality) == ("9001", ("1968-12-10", "1969"), "M", ("ALB",))
    assert (entry.names[0].surname, entry.names[0].given) == ("KELMENDI", "Arben")
    assert kinds(entry) == {("Arben KELMENDI", "primary"), ("Ben KELMENDI", "alias"), ("BENKO", "weak")}
    assert [(one.type, one.number, one.issuer_alpha3) for one in entry.documents] == [
        ("passport", "AB1234567", "ALB"), ("id", "77-881", "XKX"),
    ]  # fmt: skip
    assert (imported.passed_over, imported.findings) == (1, ())


def test_the_delimited_form_without_its_main_file_says_which_file_is_missing():
    imported = read("ofac-csv", alt_csv=ALT)
    assert "sdn.csv" in imported.findings[0].reason


def test_the_advanced_xml_of_ofac_is_read_with_scripts_qualities_periods_and_places():
    imported = read("ofac-advanced", sdn_xml=ADVANCED)
    (entry,) = imported.entries
    assert (entry.id, entry.dob, entry.gender, entry.nationality) == ("9001", ("1968-12-10", "1969"), "M", ("ALB",))
    assert (entry.names[0].surname, entry.names[0].given) == ("KELMENDI", "Arben")
    assert kinds(entry) == {("Arben KELMENDI", "primary"), ("Арбен Кельменди", "primary"), ("Benko", "weak")}
    assert {name.script for name in entry.names} == {"LATIN", "CYRILLIC"}
    assert [(one.number, one.issuer_alpha3) for one in entry.documents] == [("AB1234567", "XKX")]
    assert (imported.passed_over, imported.findings) == (1, ())


def test_the_consolidated_list_of_the_united_nations_is_read():
    imported = read("un-consolidated", un_xml=UN)
    (entry,) = imported.entries
    assert (entry.id, entry.gender, entry.nationality) == ("QDi.999", "M", ("ALB", "XKX"))
    assert entry.dob == ("1968-12-10", "1969", "1970", "1974", "1975", "1976")
    assert kinds(entry) == {
        ("ARBEN IBN KELMENDI", "primary"), ("أربن كلمندي", "alias"), ("Ben KELMENDI", "alias"),
        ("Beni Kelmendi", "alias"), ("Benko", "weak"),
    }  # fmt: skip
    assert [(one.type, one.number, one.issuer_alpha3) for one in entry.documents] == [("passport", "AB1234567", "ALB")]
    assert imported.passed_over == 1


def test_the_financial_sanctions_of_the_european_union_are_read_and_false_documents_left_out():
    imported = read("eu-financial", eu_xml=EU)
    (entry,) = imported.entries
    assert (entry.id, entry.gender, entry.nationality) == ("EU.999.1", "M", ("ALB",))
    assert entry.dob == ("1968-12-10", "1961-08", "1953", "1954", "1955")
    assert (entry.names[0].surname, entry.names[0].given) == ("Kelmendi", "Arben Ibn")
    assert kinds(entry) == {("Arben Ibn Kelmendi", "primary"), ("Арбен Келменди", "alias"), ("Benko", "weak")}
    assert [one.number for one in entry.documents] == ["AB1234567"]
    assert imported.passed_over == 1


def test_follow_the_money_is_read_with_documents_nested_and_apart():
    imported = read("follow-the-money", ftm_json="\n".join(json.dumps(one) for one in (APART, PERSON, FIRM)))
    (entry,) = imported.entries
    assert (entry.id, entry.dob, entry.gender, entry.nationality) == ("ex-1", ("1968-12-10", "1969"), "M", ("ALB",))
    assert (entry.names[0].surname, entry.names[0].given) == ("Kelmendi", "Arben")
    assert kinds(entry) == {("Arben Kelmendi", "primary"), ("Ben Kelmendi", "alias"), ("Benko", "weak")}
    assert {(one.number, one.issuer_alpha3) for one in entry.documents} == {
        ("AB1234567", "ALB"), ("77881", "XKX"), ("CD7654321", ""),
    }  # fmt: skip
    assert imported.passed_over == 1


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(NOTICE),
        json.dumps([NOTICE]),
        json.dumps({"total": 1, "_embedded": {"notices": [NOTICE]}}),
        json.dumps(NOTICE) + "\n\n",
    ],
)
def test_notices_are_read_one_by_one_as_a_page_and_line_by_line(text):
    (entry,) = read("interpol-notices", red_json=text).entries
    assert (entry.id, entry.dob, entry.gender, entry.nationality) == ("2026/1", ("1968-12-10",), "M", ("ALB",))
    assert (entry.names[0].surname, entry.names[0].given) == ("KELMENDI", "ARBEN")


def test_a_bad_notice_costs_itself_alone_and_its_values_are_not_told():
    page = [{"name": "SECRETNAME"}, NOTICE, {"entity_id": "2026/2"}]
    imported = read("interpol-notices", red_json=json.dumps(page))
    assert [entry.id for entry in imported.entries] == ["2026/1"]
    assert len(imported.findings) == 2
    assert not any("SECRETNAME" in one.reason for one in imported.findings)


@pytest.mark.parametrize(("form", "text"), [("ofac-advanced", ADVANCED), ("un-consolidated", UN), ("eu-financial", EU)])
def test_a_file_that_breaks_off_is_refused_whole(form, text):
    with pytest.raises(WireFault, match="xml-syntax"):
        read(form, cut_xml=text[: len(text) * 3 // 4])


@pytest.mark.parametrize("form", ["ofac-advanced", "un-consolidated", "eu-financial"])
def test_entities_and_document_types_are_refused(form):
    bomb = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a><INDIVIDUAL><DATAID>&b;</DATAID></INDIVIDUAL></a>'
    with pytest.raises(WireFault, match="xml-doctype"):
        read(form, bomb_xml=bomb)


def test_xml_nested_too_deeply_is_refused():
    with pytest.raises(WireFault, match="xml-depth"):
        read("un-consolidated", deep_xml="<a>" * 40 + "</a>" * 40)


def test_a_text_in_another_encoding_is_refused_with_what_to_do():
    with pytest.raises(RuleFault, match="iconv"):
        read_list("json-lines", {"a": io.BytesIO(b'{"id": "\xe9"}')}, "demo")


def test_a_byte_order_mark_does_no_harm():
    assert read("un-consolidated", un_xml="\ufeff" + UN).entries == read("un-consolidated", un_xml=UN).entries
    assert read("interpol-notices", red_json="\ufeff" + json.dumps(NOTICE)).entries


def test_a_list_cut_into_small_reads_is_the_same_list():
    class Dripping(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 7) if size and size > 0 else size)

    whole = read("eu-financial", eu_xml=EU)
    assert read_list("eu-financial", {"eu.xml": Dripping(EU.encode())}, "demo") == whole


def test_a_header_that_cannot_be_read_is_refused():
    with pytest.raises(RuleFault, match="header"):
        read_list("national-csv", {"list.csv": io.BytesIO(b'"')}, "demo", CsvForm({"full": "name"}))


@given(st.sampled_from(FORMATS), st.binary(max_size=200))
def test_no_bytes_break_a_reader_of_lists(form, body):
    try:
        imported = read_list(form, {"sdn.csv": io.BytesIO(body)}, "demo")
    except (WireFault, RuleFault):
        return
    assert all(entry.id and (entry.names or entry.documents) for entry in imported.entries)


@given(st.data())
def test_a_list_with_a_piece_cut_out_is_read_or_refused_but_never_invents(data):
    form, text = data.draw(st.sampled_from([("un-consolidated", UN), ("eu-financial", EU), ("ofac-csv", SDN)]))
    start = data.draw(st.integers(0, len(text)))
    damaged = text[:start] + text[start + data.draw(st.integers(1, 40)) :]
    try:
        imported = read(form, sdn_csv=damaged)
    except (WireFault, RuleFault):
        return
    assert len(imported.entries) <= 2
