"""An office's own Word templates: what is taken, what is refused and why, and the way back."""

from __future__ import annotations

import io
import zipfile

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from unionops.casework import attachments
from unionops.org.models import Event
from unionops.packs import office
from unionops.packs.models import OfficeTemplate

from .conftest import content, docx_text, made

pytestmark = pytest.mark.django_db

CODE = "weekly_bulletin"


def own(*lines: str, header: str = "") -> bytes:
    file = docx.Document(io.BytesIO(office.standard_template()))
    for line in lines:
        file.add_paragraph(line)
    if header:
        file.sections[0].header.paragraphs[0].text = header
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def changed(name: str, data: bytes) -> bytes:
    """The standard template with one part more, or another one in its place."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(office.standard_template())) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for part in source.namelist():
            if part != name:
                target.writestr(part, source.read(part))
        target.writestr(name, data)
    return out.getvalue()


def relation(kind: str) -> bytes:
    address = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"
    return (
        '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{address}" Target="http://evil.test/x" TargetMode="External"/></Relationships>'
    ).encode()


def upload(client, data: bytes, name: str = "本局周通报.docx", code: str = CODE):
    return client.post(reverse("packs:template", args=[code]), {"file": SimpleUploadedFile(name, data)})


def test_an_office_changes_its_template_and_goes_back(history, as_person):
    admin, leader = as_person("admin"), as_person("leader")
    standard = b"".join(admin.get(reverse("packs:standard_file", args=[CODE])).streaming_content)
    assert "{{ title }}" in docx_text(standard)

    sentence = "本局走访 {{r figures.visit_count }} 家次，见{{ title }}。"
    assert upload(admin, own(sentence, "{{p sections.cadres }}", header="内部 {{ organisation }}")).status_code == 302
    row = made(leader, CODE, "docx", period="2026-W40")
    text = docx_text(content(leader, row))
    headline = next(
        value for value in row.document["sections"][0]["blocks"][1]["values"] if value["code"] == "visit_count"
    )
    assert f"本局走访 {headline['value']} 家次，见周通报。" in text
    assert text.count("二、驻联干部走访") == 2
    file = docx.Document(io.BytesIO(content(leader, row)))
    assert file.sections[0].header.paragraphs[0].text == "内部 越城区总工会"

    assert upload(admin, own("第二版")).status_code == 302
    assert "第二版" in docx_text(content(leader, made(leader, CODE, "docx", period="2026-W40")))
    admin.post(reverse("packs:use", args=[CODE, 1]))
    assert "本局走访" in docx_text(content(leader, made(leader, CODE, "docx", period="2026-W40")))
    admin.post(reverse("packs:use_standard", args=[CODE]))
    assert "本局走访" not in docx_text(content(leader, made(leader, CODE, "docx", period="2026-W40")))

    assert list(OfficeTemplate.objects.values_list("version", "in_use")) == [(2, False), (1, False)]
    verbs = Event.objects.filter(kind="officetemplate").order_by("pk").values_list("verb", flat=True)
    assert [verb.split(".")[1] for verb in verbs] == ["create", "create", "reopen", "close"]
    kept = b"".join(admin.get(reverse("packs:version_file", args=[CODE, 1])).streaming_content)
    assert "figures.visit_count" in docx_text(kept)
    assert admin.post(reverse("packs:use_standard", args=[CODE])).status_code == 409


# Each file is made when its test runs, not when the module is read.
REFUSED = {
    "unknown name": (lambda: own("{{ secret }}"), "不认识的占位符：{{ secret }}"),
    "unknown figure": (lambda: own("{{r figures.of_old }}"), "{{ figures.of_old }}"),
    "unknown section": (lambda: own("{{p sections.of_old }}"), "{{ sections.of_old }}"),
    "an attribute": (lambda: own("{{ title.__class__ }}"), "不认识的占位符"),
    "a call": (lambda: own("{{ title.upper() }}"), "不认识的占位符"),
    "a filter": (lambda: own("{{ title|upper }}"), "不认识的占位符"),
    "a calculation": (lambda: own("{{ 7 * 7 }}"), "不认识的占位符"),
    "a loop": (lambda: own("{% for x in title %}a{% endfor %}"), "不认识的占位符"),
    "an endless loop": (lambda: own("{% for x in range(999999999) %}a{% endfor %}"), "不认识的占位符"),
    "a name of the engine": (lambda: own("{{ cycler.__init__.__globals__ }}"), "不认识的占位符"),
    "an include": (lambda: own("{% include '/etc/passwd' %}"), "不认识的占位符"),
    "in the header": (lambda: own(header="{{ 7 * 7 }}"), "不认识的占位符"),
    "half a place": (lambda: own("{{ title "), "大括号写得不对"),
    "no word file": (lambda: b"hello", "打不开"),
    "a bomb": (lambda: changed("word/document.xml", b"<w:document>" + b" " * (64 << 20)), "打不开，或者解开后太大"),
    "another archive": (lambda: changed("word/document.xml", b"")[:-10], "打不开"),
    "macros": (lambda: changed("word/vbaProject.bin", b"x"), "宏"),
    "an entity": (lambda: changed("word/settings.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x/>'), "不能用"),
    "a template elsewhere": (
        lambda: changed("word/_rels/settings.xml.rels", relation("attachedTemplate")),
        "连着外面的文件",
    ),
    "a picture elsewhere": (lambda: changed("word/_rels/header9.xml.rels", relation("image")), "连着外面的文件"),
    "too large": (lambda: b"PK" + b"x" * office.MOST_BYTES, "超过 5 MB"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_refused_and_in_which_words(world, as_person, name):
    make, words = REFUSED[name]
    response = upload(as_person("admin"), make())

    assert response.status_code == 422
    text = response.content.decode()
    assert words in text.replace("&#39;", "'")
    assert not OfficeTemplate.objects.exists()


def test_a_link_in_a_template_is_no_harm(world, as_person):
    file = docx.Document(io.BytesIO(own("看这里")))
    file.part.relate_to("http://unionops.test/", office._HYPERLINK, is_external=True)
    out = io.BytesIO()
    file.save(out)

    assert upload(as_person("admin"), out.getvalue()).status_code == 302


@pytest.mark.parametrize("name", ["leader", "clerk", "cadre", "auditor", "unposted"])
def test_templates_belong_to_the_administrator(world, as_person, name):
    client = as_person(name)

    assert client.get(reverse("packs:templates")).status_code == 403
    assert client.get(reverse("packs:template", args=[CODE])).status_code == 403
    assert client.get(reverse("packs:standard_file", args=[CODE])).status_code == 403
    assert upload(client, own()).status_code == 403
    assert client.post(reverse("packs:use_standard", args=[CODE])).status_code == 403


def test_another_district_has_its_own(world, elsewhere, as_person):
    upload(as_person("admin"), own("只有我们"))
    other = as_person("admin", elsewhere)

    assert other.get(reverse("packs:version_file", args=[CODE, 1])).status_code == 404
    assert other.post(reverse("packs:use", args=[CODE, 1])).status_code == 404
    assert "本局周通报" not in other.get(reverse("packs:template", args=[CODE])).content.decode()
    leader = as_person("leader", elsewhere)
    assert "只有我们" not in docx_text(content(leader, made(leader, CODE, "docx", period="2026-W40")))


def test_a_paper_without_a_word_form_or_name_has_no_template(world, as_person):
    assert as_person("admin").get(reverse("packs:template", args=["no_such"])).status_code == 404


def test_bytes_of_a_refused_upload_are_not_kept(world, as_person):
    before = set(attachments.store_path("xx").parent.parent.glob("??/*.officetemplate"))
    upload(as_person("admin"), REFUSED["a loop"][0]())

    assert set(attachments.store_path("xx").parent.parent.glob("??/*.officetemplate")) == before
