"""Django's admin on the portal's tables, as somebody would set it up who knows Django well.

Served by the same gunicorn settings. Its models are made from the tables as they are; it sees one organisation by an
ordinary WHERE and goes round the row-level security by its role, so that it shows what the portal shows.

    python -m bench.django_site prepare | serve PORT
"""

import os
import sys
from typing import Any

import django
import psycopg
from django.conf import settings
from django.contrib import admin
from django.db import models
from django.utils import timezone

from tenants.cases.codes import CaseState, Market, Reason
from tenants.hearings.listing import PAGE_SIZE as SESSIONS
from tenants.intake.codes import ReportState, Track
from tenants.intake.triage import PAGE as REPORTS
from tenants.petitions.codes import DeadlineKind, Nature, StageKey
from tenants.team.service import PAGE as BOARD

USERNAME, PASSWORD = "beheerder", "een-lang-wachtwoord"
ROLE = SCHEMA = "bench_django"
APP = "bench"
PAGE_SIZE = 25  # of the portal's list
FOUND = 50  # rows that the portal's search shows
DUE = 30  # rows of a group in Vandaag
CASE_PARTS = ("household", "person", "dwelling", "petition", "hearing", "judgment", "eviction", "deadline",
              "outreach_attempt", "note", "task")  # fmt: skip
CHOICES: dict[str, type[Any]] = {
    "case_file.state": CaseState, "case_file.stage": StageKey, "case_file.reason": Reason, "case_file.market": Market,
    "deadline.kind": DeadlineKind, "deadline.nature": Nature, "report.state": ReportState, "report.track": Track,
}  # fmt: skip
FIELDS = {
    "uuid": models.UUIDField, "integer": models.IntegerField, "text": models.TextField, "date": models.DateField,
    "timestamp with time zone": models.DateTimeField, "time without time zone": models.TimeField,
    "boolean": models.BooleanField, "bytea": models.BinaryField,  # json comes parsed, which a text field takes as it is
}  # fmt: skip


def configure() -> None:
    """Settings as `startproject` makes them, for production; connections are kept, as the portal keeps its own."""
    url = psycopg.conninfo.conninfo_to_dict(os.environ["BENCH_DJANGO_URL"])
    settings.configure(
        SECRET_KEY="x" * 50,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="bench.django_urls",
        INSTALLED_APPS=[
            "django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
            "django.contrib.messages", "django.contrib.staticfiles", "bench",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware", "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[{
            "BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True,
            "OPTIONS": {"context_processors": [
                "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]},
        }],
        DATABASES={"default": {
            "ENGINE": "django.db.backends.postgresql", "NAME": url["dbname"], "USER": ROLE, "HOST": url["host"],
            "CONN_MAX_AGE": None, "OPTIONS": {"options": f"-c search_path={SCHEMA},public -c timezone=UTC"},
        }},
        LOGGING={
            "version": 1, "disable_existing_loggers": False,
            "handlers": {"console": {"class": "logging.StreamHandler"}},
            "loggers": {"django": {"handlers": ["console"], "level": "ERROR"}},
        },
        LANGUAGE_CODE="nl", TIME_ZONE="Europe/Brussels", USE_TZ=True, STATIC_URL="/static/",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    )  # fmt: skip
    django.setup()


# ---------------------------------------------------------------- models of the tables as they are


def make_models() -> dict[str, type[models.Model]]:
    """A model for each table, by the table's name."""
    user = _model("ab_user", {}, "username")
    case = _model("case_file", {"assigned_to": user}, "display_name")
    parts = {table: _model(table, {"case_id": case}, "") for table in CASE_PARTS}
    report = _model("report", {"case_id": case}, "reference")
    heard = _model("hearing", {"case_id": case, "petition_id": parts["petition"]}, "", "Heard")
    return {"ab_user": user, "case_file": case, **parts, "report": report, "heard": heard}


def _model(
    table: str, relations: dict[str, type[models.Model]], called_by: str, name_of_model: str = ""
) -> type[models.Model]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type, is_nullable = 'YES', character_maximum_length, numeric_precision,"
            " numeric_scale FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
            " ORDER BY ordinal_position",
            [table],
        )
        columns = cursor.fetchall()
    attributes: dict[str, Any] = {
        "__module__": "bench.models",
        "Meta": type("Meta", (), {"managed": False, "db_table": table, "app_label": APP}),
    }
    if called_by:
        attributes["__str__"] = lambda self: str(getattr(self, called_by))
    for name, kind, null, length, precision, scale in columns:
        if name in relations:
            attributes[name.removesuffix("_id")] = models.ForeignKey(
                relations[name], models.DO_NOTHING, db_column=name, null=null, blank=null
            )
            continue
        options: dict[str, Any] = {"null": null, "blank": null, "primary_key": name == "id"}
        if f"{table}.{name}" in CHOICES:
            options["choices"] = CHOICES[f"{table}.{name}"].choices()
        if kind == "character varying":
            attributes[name] = models.CharField(max_length=length, **options)
        elif kind == "numeric":
            attributes[name] = models.DecimalField(max_digits=precision, decimal_places=scale, **options)
        else:
            attributes[name] = FIELDS.get(kind, models.TextField)(**options)
    return type(name_of_model or table.title().replace("_", ""), (models.Model,), attributes)


# ---------------------------------------------------------------- the admin


def register() -> None:
    """A list as long, with as many columns and filters as the portal's; the case with all its parts."""
    made = make_models()
    tenant = os.environ["BENCH_TENANT"]
    case = made["case_file"]

    class Own:
        """What one organisation owns."""

        show_full_result_count = False  # the portal counts once too

        def get_queryset(self, request: Any) -> Any:
            return super().get_queryset(request).filter(tenant_id=tenant)  # type: ignore[misc]

    inlines = [
        type(f"{name}Inline", (Own, admin.TabularInline), {"model": made[name], "extra": 0, "fk_name": "case"})
        for name in CASE_PARTS
    ]

    class CaseAdmin(Own, admin.ModelAdmin):
        list_display = (
            "number", "display_name", "address_line", "stage", "hearing_at", "next_due_on", "next_due_kind",
            "reached_on", "attempts", "assigned_to",
        )  # fmt: skip
        list_filter = ("state", "stage", "reason", "market")
        list_select_related = ("assigned_to",)
        list_per_page = PAGE_SIZE
        ordering = ("next_due_on", "id")
        search_fields = ("search_text",)
        raw_id_fields = ("assigned_to",)

    CaseAdmin.inlines = inlines

    def again(name: str, model: type[models.Model]) -> type[models.Model]:
        """The same rows with an admin of their own."""
        meta = type("Meta", (), {"proxy": True, "app_label": APP})
        return type(name, (model,), {"__module__": "bench.models", "Meta": meta})

    class FoundAdmin(CaseAdmin):
        list_per_page = FOUND
        list_filter = ()
        ordering = ("state", "sort_key", "id")

    class DeadlineAdmin(Own, admin.ModelAdmin):
        list_display = ("case", "kind", "nature", "due_on", "article", "confidence")
        list_filter = ("kind", "nature")
        list_select_related = ("case",)
        list_per_page = DUE
        ordering = ("due_on", "id")

        def get_queryset(self, request: Any) -> Any:
            # Said of the case too, so that the join finds its index.
            return super().get_queryset(request).filter(case__tenant_id=tenant)

    class BoardAdmin(DeadlineAdmin):
        list_display = ("due_on", "kind", "case", "number", "carried_by")
        list_filter = ("kind",)
        list_select_related = ("case", "case__assigned_to")
        list_per_page = BOARD

        @admin.display(ordering="case__number")
        def number(self, deadline: Any) -> str:
            return str(deadline.case.number)

        @admin.display(ordering="case__assigned_to")
        def carried_by(self, deadline: Any) -> str:
            return str(deadline.case.assigned_to or "")

    class ReportAdmin(Own, admin.ModelAdmin):
        list_display = ("reference", "track", "state", "received_at", "outside", "first_act_at", "closing_reason")
        list_filter = ("state", "track")
        list_per_page = REPORTS
        ordering = ("-state", "-received_at")

    class HearingAdmin(Own, admin.ModelAdmin):
        """Hearing by hearing: grouping them into sessions, as the portal does, is not in the admin."""

        list_display = ("at", "court", "case", "stage", "reached_on", "recorded_at")
        list_filter = ("petition__court",)
        list_select_related = ("case", "petition")
        list_per_page = SESSIONS
        ordering = ("at", "id")

        def get_queryset(self, request: Any) -> Any:
            own = super().get_queryset(request).filter(case__tenant_id=tenant, petition__tenant_id=tenant)
            return own.filter(at__gte=timezone.now())

        def court(self, hearing: Any) -> str:
            return str(hearing.petition.court)

        def stage(self, hearing: Any) -> str:
            return str(hearing.case.stage)

        def reached_on(self, hearing: Any) -> Any:
            return hearing.case.reached_on

    admin.site.register(case, CaseAdmin)
    admin.site.register(again("FoundCase", case), FoundAdmin)
    admin.site.register(made["deadline"], DeadlineAdmin)
    admin.site.register(again("BoardLine", made["deadline"]), BoardAdmin)
    admin.site.register(made["report"], ReportAdmin)
    admin.site.register(made["heard"], HearingAdmin)


def prepare() -> None:
    """Django's own tables in a schema of their own, and somebody who may do all."""
    from django.contrib.auth import get_user_model
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    get_user_model().objects.create_superuser(USERNAME, "beheerder@proef.test", PASSWORD)


def serve(port: int) -> None:
    from django.core.wsgi import get_wsgi_application

    from app.operation.serve import Server

    class DjangoServer(Server):
        def load_config(self) -> None:
            self.options["post_fork"] = lambda _server, _worker: None  # Django opens no connection before it forks
            super().load_config()

    register()
    from django.db import connections

    connections.close_all()
    application: Any = get_wsgi_application()
    DjangoServer(application, host="127.0.0.1", port=port, workers=1, jobs=False, ready=lambda: None).serve()


if __name__ == "__main__":
    configure()
    if sys.argv[1] == "prepare":
        prepare()
    else:
        serve(int(sys.argv[2]))
