from django.urls import URLPattern, path, register_converter

from .enums import Shape
from .views import care, case_page, cases, hub, imports, money, programmes, steps

app_name = "services"


class ShapeConverter:
    regex = "|".join(Shape.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(ShapeConverter, "shape")

urlpatterns: list[URLPattern] = [
    path("services/", hub.hub, name="hub"),
    path("services/settings/", programmes.programmes, name="programmes"),
    path("services/settings/new/", programmes.make, name="programme_new"),
    path("services/settings/catalogue/", programmes.choose, name="programme_catalogue"),
    path("services/settings/<int:pk>/", programmes.edit, name="programme_edit"),
    path("services/settings/<int:pk>/retire/", programmes.retire, name="programme_retire"),
    path("services/settings/parameters/", money.parameters, name="parameters"),
    path("services/settings/parameters/new/", money.parameter_new, name="parameter_new"),
    path("services/settings/budgets/", money.budgets, name="budgets"),
    path("services/settings/budgets/new/", money.budget_new, name="budget_new"),
    path("services/settings/budgets/<int:pk>/raise/", money.budget_raise, name="budget_raise"),
    path("services/p/<slug:code>/", cases.cases, name="cases"),
    path("services/p/<slug:code>/sums/", cases.sums, name="sums"),
    path("services/p/<slug:code>/export.xlsx", cases.export_cases, name="export"),
    path("services/p/<slug:code>/views/", cases.save_view, name="save_view"),
    path("services/p/<slug:code>/views/<int:pk>/drop/", cases.drop_view, name="drop_view"),
    path("services/p/<slug:code>/new/", cases.register, name="register"),
    path("services/p/<slug:code>/import/", imports.begin, name="import"),
    path("services/p/<slug:code>/import/<uuid:pk>/", imports.look, name="import_look"),
    path("services/from-issue/<uuid:pk>/", cases.choose_for_issue, name="choose_for_issue"),
    path("services/from-issue/<uuid:pk>/<slug:code>/", cases.from_issue, name="from_issue"),
    # The page of a case bears the name of its shape, so that whoever knows only the kind of a case finds it.
    *(path(f"services/{shape}/<uuid:pk>/", case_page.case, {"shape": shape}, name=shape) for shape in Shape.values),
    path("services/<shape:shape>/<uuid:pk>/steps/<slug:verb>/", steps.step, name="step"),
    path("services/<shape:shape>/<uuid:pk>/reveal/<slug:name>/", care.reveal, name="reveal"),
    path("services/<shape:shape>/<uuid:pk>/note/", care.note, name="note"),
    path("services/<shape:shape>/<uuid:pk>/watch/", care.watch, name="watch"),
    path("services/<shape:shape>/<uuid:pk>/files/", care.upload, name="upload"),
    path("services/<shape:shape>/<uuid:pk>/files/<uuid:file>/remove/", care.remove_file, name="remove_file"),
]
