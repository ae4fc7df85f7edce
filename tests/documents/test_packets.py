"""The packet: pieces in order, fields on the measured boxes, a true manifest, and the same bytes twice."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import people
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import signers
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader

from pipeline.core.days import days_of
from pipeline.core.decisions import Decisions
from pipeline.core.errors import ConfigError, TemplateError, Transient
from pipeline.core.fields import WEEKDAYS
from pipeline.core.french import long_date
from pipeline.core.models import Edition, Form, Kind, Problem, Record, Severity, Verdict, Who
from pipeline.core.programme import Programme
from pipeline.core.workspace import Workspace
from pipeline.documents import packaging as packets_module
from pipeline.documents.attendance import attendance
from pipeline.documents.binding.pieces import Document, Packet, SignatureBox
from pipeline.documents.binding.signers import signer_entries
from pipeline.documents.drafts import CONTROL, packet_pieces
from pipeline.documents.finishing import packet_folder
from pipeline.documents.libreoffice import convert_each, warm_office
from pipeline.documents.packaging import make_packet
from pipeline.documents.proof import page_texts

FORM = Form("ab" * 32, Path("formulaire.pdf"), "formulaire.pdf", people.TODAY)
Make = Callable[[str, dict[str, Any]], Record]


@pytest.fixture(scope="module")
def packets(workspace: Workspace, programme: Callable[[str], Programme], checked: Make) -> dict[str, Packet]:
    """One packet of each formation, made once: a salariée of the coordination, a student of the Cnam."""
    lettre = Problem("S2-19", Severity.WARNING, None, "Une lettre de mission est recommandée.", Who.EMPLOYEUR)
    verdict = Verdict("S2-19", "Lettre de mission", "commande de stage", applies=True, problems=(lettre,))
    coordination = checked(people.COORDINATION, people.coordination())
    coordination = Record(coordination.data, (verdict,), coordination.reading)
    made = {}
    for record in (coordination, checked(people.CNAM, people.cnam())):
        code = record.get("formation.code")
        made[code] = make_packet(
            record,
            FORM,
            programme=programme(code),
            workspace=workspace,
            decisions=Decisions(),
            on=people.TODAY,
            edition=Edition("2024-001", 1),
        )
    return made


REQUEST, MODEL = "demande-de-lettre-de-mission", "lettre-de-mission"


@pytest.mark.parametrize(
    ("regime", "found", "made"),
    [
        ("FPC_SALARIE_EMPLOYEUR", (Severity.WARNING, Who.STAGIAIRE), [REQUEST, MODEL]),
        ("AGENT_PUBLIC", (Severity.WARNING, Who.STAGIAIRE), [REQUEST, MODEL]),
        ("FPC_SALARIE_EMPLOYEUR", (Severity.INFO, Who.SCOLARITE), []),
        ("FPC_SALARIE_INDIVIDUEL", (Severity.INFO, Who.STAGIAIRE), [MODEL]),
        ("FPC_SALARIE_INDIVIDUEL", (Severity.INFO, Who.SCOLARITE), []),
    ],
)
def test_a_remark_to_the_school_prepares_no_letter(
    programme: Callable[[str], Programme], checked: Make, regime: str, found: tuple[Severity, Who], made: list[str]
) -> None:
    """S2-19 has the papers made where it recommends a letter, not where one is said to be there.

    À titre individuel the model alone, which the salarié is handed: the school does not write to the employer.
    """
    problem = Problem("S2-19", found[0], None, "Une lettre de mission.", found[1])
    verdict = Verdict("S2-19", "Lettre de mission", "commande de stage", applies=True, problems=(problem,))
    data = people.coordination(stagiaire__regime=regime)
    record = replace(checked(people.COORDINATION, data), verdicts=(verdict,))
    pieces = packet_pieces(record, programme(people.COORDINATION))
    assert [piece.code for piece in pieces if piece.only_if_rule == "S2-19"] == made


def signed_files(packet: Packet) -> list[str]:
    """The PDFs of the packet that are signed, in the order in which they are."""
    return [unit["fichier"] for unit in json.loads(packet.files["signature.json"])["unites"]]


def fields_of(packet: Packet, file: str = "liasse.pdf") -> list[str]:
    """The names of the signature fields, in the order of the PDF."""
    return [name for name, *_ in enumerate_sig_fields(PdfFileReader(io.BytesIO(packet.files[file])))]


def test_the_employer_is_the_fourth_signatory(packets: dict[str, Packet]) -> None:
    """S2-07: centre, apprenant, site qualifiant and, for a salariée, her employer."""
    assert fields_of(packets[people.COORDINATION]) == [
        "sign1-stagiaire",
        "sign2-organisme",
        "sign3-employeur",
        "sign4-etablissement",
    ]


def test_what_is_signed_at_two_moments_is_two_files_in_order(packets: dict[str, Packet]) -> None:
    """The contract first, with its own fields, then the convention with the five of D124-4; one unit: liasse.pdf."""
    packet = packets[people.CNAM]

    assert signed_files(packets[people.COORDINATION]) == ["liasse.pdf"]
    assert signed_files(packet) == ["liasse-1-contrat.pdf", "liasse-2-convention.pdf"]
    assert fields_of(packet, "liasse-1-contrat.pdf") == ["sign1-stagiaire", "sign2-tuteur", "sign3-referent"]
    assert fields_of(packet, "liasse-2-convention.pdf") == [
        "sign1-stagiaire",
        "sign2-organisme",
        "sign3-tuteur",
        "sign4-referent",
        "sign5-etablissement",
    ]
    outlines = [
        [item.title for item in PdfReader(io.BytesIO(packet.files[one])).outline] for one in signed_files(packet)
    ]
    assert outlines == [["Contrat pédagogique et calendrier"], ["Convention de stage"]]


def test_nothing_that_is_filled_at_the_end_is_signed_today(packets: dict[str, Packet]) -> None:
    """What is handed out apart is in no unit, unless the formation makes it an annex: coordination’s 2 and 3."""
    apart = {
        code: sorted(name for name in packet.files if name.startswith("a-part/")) for code, packet in packets.items()
    }
    pieces = {
        one["code"]: one["unite"] for one in json.loads(packets[people.COORDINATION].files["manifest.json"])["pieces"]
    }

    assert [name for name in apart[people.CNAM] if name.endswith(".pdf")] == [
        "a-part/03-feuille-de-presence.pdf",
        "a-part/04-evaluation-tuteur.pdf",
        "a-part/05-attestation.pdf",
        "a-part/06-questionnaire-accueil.pdf",
    ]
    assert [name for name in apart[people.COORDINATION] if name.endswith(".docx")] == [
        "a-part/08-feuille-de-presence.docx",
        "a-part/09-demande-de-lettre-de-mission.docx",
        "a-part/10-lettre-de-mission.docx",
    ]
    assert (pieces["annexe-2"], pieces["annexe-3"], pieces["lettre-de-mission"]) == ("liasse", "liasse", None)


def test_papers_list_what_is_bound_with_them_and_nothing_else(packets: dict[str, Packet]) -> None:
    """The convention names its six annexes; the lettre de mission, which goes to the employer, is not among them."""
    text = " ".join("\n".join(page_texts(packets[people.COORDINATION].files["pieces/01-convention.pdf"])).split())
    joined = text[text.index("Pièces jointes, dont") : text.index("Documents remis à part, à remplir")]
    apart = text[text.index("Documents remis à part, à remplir") : text.rindex("Signatures")]

    assert [f"Annexe {n}" in joined for n in range(1, 7)] == [True] * 6
    assert not {word for word in ("Lettre de mission", "Feuille de présence") if word in joined}
    assert "Feuille de présence (pendant le stage)" in apart
    assert "ettre de mission" not in apart


@pytest.mark.parametrize("code", [people.COORDINATION, people.CNAM])
def test_the_attendance_sheet_has_a_line_for_each_day(packets: dict[str, Packet], code: str) -> None:
    """The days of the calendar, or of the weekdays and dates, with their weekday and hours, and their total."""
    (name,) = (one for one in packets[code].files if one.endswith("feuille-de-presence.pdf"))
    text = " ".join("\n".join(page_texts(packets[code].files[name])).split())
    days = days_of(json.loads(packets[code].files["record.json"]))
    assert days is not None

    lines = [f"{WEEKDAYS[day.weekday()]} {long_date(day)} 7 h".replace("\xa0", " ") for day in days.hours]
    assert [line for line in lines if line not in text] == []
    assert f"{days.total} h {len(lines)} jours prévus" in text
    assert set(days.hours.values()) == {7}


def test_days_that_are_only_assumed_are_not_signed_for() -> None:
    """Where no weekday is known the sheet has lines to fill, and no total."""
    told = attendance(None)

    assert (told["lignes"], len(told["vides"]), told["jours"]) == ([], 20, 0)


def test_the_six_annexes_follow_the_convention_in_order(packets: dict[str, Packet]) -> None:
    """S2-24: all six are signed with it, the référentiel as the school’s own PDF."""
    outline = [item.title for item in PdfReader(io.BytesIO(packets[people.COORDINATION].files["liasse.pdf"])).outline]

    assert [title.split(" – ")[0] for title in outline] == [
        "Convention de stage",
        "Annexe 1",
        "Annexe 2",
        "Annexe 3",
        "Annexe 4",
        "Annexe 5",
        "Annexe 6",
    ]


@pytest.mark.parametrize("code", [people.COORDINATION, people.CNAM])
def test_the_pdf_is_ready_for_signing_tools(packets: dict[str, Packet], code: str) -> None:
    """PDF 1.7, /SigFlags 3, top-level empty fields, every font embedded, each page numbered in the packet."""
    data = packets[code].files[signed_files(packets[code])[-1]]
    reader = PdfReader(io.BytesIO(data))
    form = reader.root_object["/AcroForm"]
    texts = page_texts(data)

    assert data.startswith(b"%PDF-1.7")
    assert form["/SigFlags"] == 3
    assert all("/Parent" not in field.get_object() and "/V" not in field.get_object() for field in form["/Fields"])
    assert not [name for page in reader.pages for name in _unembedded(page)]
    assert [f"p. {n}/{len(texts)}" in text for n, text in enumerate(texts, 1)] == [True] * len(texts)


def _unembedded(page: Any) -> list[str]:
    fonts = page["/Resources"].get("/Font", {})
    names = []
    for name in fonts:
        font = fonts[name].get_object()
        if "/DescendantFonts" in font:
            font = font["/DescendantFonts"][0].get_object()
        descriptor = font.get("/FontDescriptor")
        if descriptor is None or not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
            names.append(str(font.get("/BaseFont")))
    return names


@pytest.mark.parametrize("code", [people.COORDINATION, people.CNAM])
def test_boxes_lie_inside_the_drawn_cells(packets: dict[str, Packet], code: str) -> None:
    """Each field is big enough to sign in, on its page, and none overlaps another."""
    pages = [
        page for one in signed_files(packets[code]) for page in PdfReader(io.BytesIO(packets[code].files[one])).pages
    ]
    boxes = []
    for number, page in enumerate(pages):
        for annotation in page.get("/Annots", ()):
            x0, y0, x1, y1 = map(float, annotation.get_object()["/Rect"])
            assert 0 < x0 < x1 < float(page.mediabox.width)
            assert 0 < y0 < y1 < float(page.mediabox.height)
            assert x1 - x0 >= 85
            assert y1 - y0 >= 36
            boxes.append((number, x0, y0, x1, y1))

    assert len(boxes) == len(packets[code].signature_names)
    for first in boxes:
        for second in boxes:
            if first < second and first[0] == second[0]:
                apart = (
                    first[3] <= second[1] or second[3] <= first[1] or first[4] <= second[2] or second[4] <= first[2]
                )
                assert apart


@pytest.mark.parametrize("code", [people.COORDINATION, people.CNAM])
def test_the_manifest_tells_the_truth(packets: dict[str, Packet], workspace: Workspace, code: str) -> None:
    """It follows its schema, and sizes and hashes are those of the files."""
    packet = packets[code]
    manifest = json.loads(packet.files["manifest.json"])
    schema = json.loads((workspace.schemas / "manifest.schema.json").read_text())

    jsonschema.validate(manifest, schema, jsonschema.Draft202012Validator)

    listed = {item["nom"]: (item["octets"], item["sha256"]) for item in manifest["fichiers"]}
    expected = {
        name: (len(data), hashlib.sha256(data).hexdigest())
        for name, data in packet.files.items()
        if name != "manifest.json"
    }
    assert listed == expected
    form = schema["properties"]["formulaire"]["properties"]
    assert set(form["nature"]["enum"]) == set(Kind), "a form of any kind can be read and printed"
    assert sum(piece["pages"] for piece in manifest["pieces"] if piece["unite"]) == packet.pages
    assert {one["fichier"]: one["pages"] for one in manifest["unites"]} == {
        file: len(PdfReader(io.BytesIO(packet.files[file])).pages) for file in signed_files(packet)
    }


def test_the_signature_plan_names_people_and_boxes(packets: dict[str, Packet]) -> None:
    """signature.json says who signs, in order: one entry a person, with the page and box of each field in the PDF."""
    packet = packets[people.CNAM]
    plan = json.loads(packet.files["signature.json"])
    first, second = plan["unites"]
    student = second["signataires"][0]

    assert (plan["version"], plan["projet"]) == (2, False)
    assert (first["fichier"], first["titre"]) == ("liasse-1-contrat.pdf", "Contrat pédagogique")
    assert {name: student[name] for name in ("ordre", "roles", "nom", "prenom", "courriel", "telephone")} == {
        "ordre": 1,
        "roles": ["stagiaire"],
        "nom": "LEFÈVRE",
        "prenom": "Élise",
        "courriel": "elise.lefevre@example.org",
        "telephone": "+33698765432",
    }
    assert [(box["champ"], box["piece"]) for box in student["boites"]] == [("sign1-stagiaire", "convention")]
    assert [[person["ordre"] for person in unit["signataires"]] for unit in (first, second)] == [
        [1, 2, 3],
        [1, 2, 3, 4, 5],
    ]
    for unit in (first, second):
        boxes = [box for person in unit["signataires"] for box in person["boites"]]
        reader = PdfReader(io.BytesIO(packet.files[unit["fichier"]]))
        assert [box["champ"] for box in boxes] == fields_of(packet, unit["fichier"])
        for box in boxes:
            rects = {
                str(note.get_object()["/T"]): [float(number) for number in note.get_object()["/Rect"]]
                for note in reader.pages[box["page"] - 1]["/Annots"]
            }
            assert rects[box["champ"]] == pytest.approx(box["boite"]["points"], abs=1)


def test_somebody_who_signs_twice_is_one_person() -> None:
    """The directrice who is the tutrice too: one entry, both roles, her boxes; another e-mail is somebody else."""
    boxes = tuple(
        SignatureBox(f"sign{n}-{role}", role, 1, (0, 0, 9, 9)) for n, role in enumerate(("organisme", "tuteur"))
    )
    document = Document("convention", "Convention", None, b"", 1, "", "", boxes)
    names = {"civilite": None, "nom": "NGUYEN", "prenom": "Loan", "fonction": None, "telephone": None}

    def entries(*mails: str) -> list[dict[str, Any]]:
        parties = {
            box.role: {"titre": box.role, "personne": names | {"courriel": mail}}
            for box, mail in zip(boxes, mails, strict=True)
        }
        return signer_entries([document], parties)

    (both,) = entries("loan@example.org", "loan@example.org")
    assert (both["roles"], len(both["boites"])) == (["organisme", "tuteur"], 2)
    assert len(entries("loan@example.org", "loan.2@example.org")) == 2
    names["nom"] = None
    with pytest.raises(TemplateError, match="whom nobody has named"):
        entries("loan@example.org", "loan@example.org")


def test_the_same_input_gives_the_same_bytes(
    packets: dict[str, Packet], workspace: Workspace, programme: Callable[[str], Programme], checked: Make
) -> None:
    """Made again from nothing, every file of the packet is the same, byte for byte; another day is another packet."""
    record = checked(people.CNAM, people.cnam())
    again, tomorrow = (
        make_packet(
            record,
            FORM,
            programme=programme(people.CNAM),
            workspace=workspace,
            decisions=Decisions(),
            on=people.TODAY + wait,
            edition=Edition("2024-001", 1),
        )
        for wait in (dt.timedelta(0), dt.timedelta(1))
    )

    assert again.files == packets[people.CNAM].files
    assert again.id != tomorrow.id


def test_a_signature_leaves_the_others_to_be_signed(packets: dict[str, Packet]) -> None:
    """With a self-made certificate: each signature stays valid when the next person signs."""
    signer = self_signed("Signataire d’essai")
    data = packets[people.COORDINATION].files["liasse.pdf"]
    for name in fields_of(packets[people.COORDINATION]):
        writer = IncrementalPdfFileWriter(io.BytesIO(data))
        data = signers.sign_pdf(writer, signers.PdfSignatureMetadata(field_name=name), signer).getvalue()

    reader = PdfFileReader(io.BytesIO(data))
    trust = ValidationContext(trust_roots=[signer.signing_cert])
    statuses = [validate_pdf_signature(signature, trust) for signature in reader.embedded_signatures]

    assert len(statuses) == 4
    assert [(status.intact, status.valid, status.bottom_line) for status in statuses] == [(True, True, True)] * 4


def self_signed(name: str) -> signers.SimpleSigner:
    """A signer with a certificate of its own making."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(
                digital_signature=True,
                content_commitment=True,
                key_cert_sign=True,
                key_encipherment=False,
                data_encipherment=False,
                key_agreement=False,
                crl_sign=False,
                encipher_only=False,
                decipher_only=False,
            ),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    password = b"essai"
    bundle = serialization.pkcs12.serialize_key_and_certificates(
        name.encode(), key, certificate, None, serialization.BestAvailableEncryption(password)
    )
    signer = signers.SimpleSigner.load_pkcs12_data(bundle, other_certs=[], passphrase=password)
    assert signer is not None
    return signer


def test_no_page_shows_what_should_not_be_seen(packets: dict[str, Packet]) -> None:
    """No None, no template language, no Python, on any page of any piece."""
    for packet in packets.values():
        for name, data in packet.files.items():
            if name.endswith(".pdf"):
                text = "\n".join(page_texts(data))
                assert not [word for word in ("None", "{{", "{%", "}}", "Undefined", "Decimal(") if word in text]


def test_a_student_name_cannot_leave_the_outbox(checked: Make) -> None:
    """Whatever the name, the folder is one plain component under formation and year."""
    data = people.coordination(stagiaire__nom="../../etc", stagiaire__prenom="a/b\\c")

    folder = packet_folder(checked(people.COORDINATION, data), "0123abcd")

    assert folder.parts == (people.COORDINATION, "2024-2025", "ETC-a-b-c_0123abcd")


def test_a_template_that_hides_a_value_makes_no_packet(
    own_workspace: Workspace, programme: Callable[[str], Programme], checked: Make
) -> None:
    """A value printed where no one can see it (hidden text) is an error, not a packet."""
    docx = pytest.importorskip("docx")
    path = own_workspace.templates / people.COORDINATION / "annexe-4-commande-de-stage.docx"
    document = docx.Document(str(path))
    run = document.add_paragraph().add_run("{{ stagiaire.lieu_naissance }} {{ tuteur.anciennete }}")
    run.font.hidden = True
    document.save(str(path))

    with pytest.raises(TemplateError, match="annexe-4-commande-de-stage"):
        make_packet(
            checked(people.COORDINATION, people.coordination()),
            FORM,
            programme=programme(people.COORDINATION),
            workspace=own_workspace,
            decisions=Decisions(),
            on=people.TODAY,
            edition=Edition("2024-001", 1),
        )


def test_a_formation_without_a_document_for_this_person_is_ours_to_mend(
    workspace: Workspace, programme: Callable[[str], Programme], checked: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No empty packet, and the operator is told where to look."""
    monkeypatch.setattr(packets_module, "packet_pieces", lambda *_: ())

    with pytest.raises(ConfigError, match=r"no document for FI_ETUDIANT: see its \[\[documents\]\]"):
        make_packet(
            checked(people.CNAM, people.cnam()),
            FORM,
            programme=programme(people.CNAM),
            workspace=workspace,
            decisions=Decisions(),
            on=people.TODAY,
            edition=Edition("2024-001", 1),
        )


def test_a_template_that_is_changed_meanwhile_makes_no_packet(
    own_workspace: Workspace, programme: Callable[[str], Programme], checked: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its id would stand for other papers: the packet is made again, and then from one template."""
    docx = pytest.importorskip("docx")
    path = own_workspace.templates / CONTROL

    def saved_meanwhile(documents: Iterable[tuple[str, bytes]], *, pdfa: bool) -> Iterator[tuple[str, bytes]]:
        for one in convert_each(documents, pdfa=pdfa):
            yield one
            docx.Document(str(path)).save(str(path))

    arguments: dict[str, Any] = {
        "programme": programme(people.CNAM),
        "workspace": own_workspace,
        "decisions": Decisions(),
        "on": people.TODAY,
        "edition": Edition("2024-001", 1),
    }
    record = checked(people.CNAM, people.cnam())
    with warm_office():
        with monkeypatch.context() as patch:
            patch.setattr(packets_module, "convert_each", saved_meanwhile)
            with pytest.raises(Transient, match="a template was changed"):
                make_packet(record, FORM, **arguments)

        assert make_packet(record, FORM, **arguments).pages > 0
