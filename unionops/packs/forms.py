from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class TemplateForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("改好的模板"), widget=forms.FileInput(attrs={"accept": ".docx"}), allow_empty_file=True,
        help_text=gettext_lazy(".docx，不超过 5 MB。字体、页边距、页眉页脚和固定的文字都可以改，占位符原样留着。"),
    )  # fmt: skip
