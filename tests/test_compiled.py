"""What tests keep of compiled templates is that of the assets and drawings of now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.compiled import settled_by

if TYPE_CHECKING:
    from pathlib import Path


def test_templates_are_compiled_anew_when_a_style_sheet_or_a_drawing_changed(tmp_path: Path) -> None:
    manifest, icons = tmp_path / "manifest.json", tmp_path / "icons.py"
    names = []
    for style, drawing in (("a", "x"), ("a", "x"), ("b", "x"), ("b", "y")):
        manifest.write_text(style, encoding="utf-8")
        icons.write_text(drawing, encoding="utf-8")
        names.append(settled_by(icons, manifest))
    assert names[0] == names[1]
    assert len(set(names)) == 3
    manifest.unlink()
    assert settled_by(icons, manifest) not in names
