"""Two companies of a store that are one: the desk moves all that one has to the other, and can take it back.

What belongs to a company is read from the models: every key to Company, and the files' plain company number. Documents keep
the name they were issued under, since they are snapshots.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import timedelta
from itertools import permutations
from typing import Any, Final, cast

from django.apps import apps
from django.db import models, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from licenseonline.accounts import security_notices
from licenseonline.accounts.models import (
    BillingContact,
    Company,
    CompanyChange,
    CompanyMerge,
    CompanyState,
    Member,
    User,
)
from licenseonline.accounts.security_notices import Kind
from licenseonline.kit import clock, rights, scope, states
from licenseonline.kit.errors import Refused
from licenseonline.kit.rights import Right
from licenseonline.kit.tenancy import StoreForeignKey, StoreModel, StoreOneToOneField
from licenseonline.records import history
from licenseonline.records.models import StoredFile

Model = type[StoreModel]
Ids = dict[str, set[int]]
SWEPT_AFTER: Final = timedelta(minutes=1)  # longer than any request takes


def tables() -> dict[str, tuple[Model, str]]:
    """Every table with a company's rows, by the model's label, with the column that names the company."""
    found: dict[str, tuple[Model, str]] = {StoredFile._meta.label_lower: (StoredFile, "company_id")}
    for model in apps.get_models():
        for field in _keys(model):
            if field.remote_field.model is Company and model is not CompanyMerge:
                found[model._meta.label_lower] = (cast("Model", model), field.attname)
    return found


@rights.needs(Right.REVIEW_COMPANIES)
def preview(kept: Company, merged: Company, *, by: User) -> dict[str, int]:  # noqa: ARG001  (`needs` asks who)
    """How many rows of each table would move, without moving any; refused as `merge` refuses."""
    _check(kept, merged)
    return {
        label: count
        for label, (model, column) in tables().items()
        if (count := _rows(model).filter(_moves(model, column, kept, merged)).count())
    }


@rights.needs(Right.REVIEW_COMPANIES)
@transaction.atomic
def merge(kept: Company, merged: Company, *, by: User) -> CompanyMerge:
    """Move all that `merged` has to `kept` and close `merged`; the members of both are told. `undo` takes it back.

    Its own billing contact stays behind when `kept` has one. Refused: `same`, `store`, `merged` (one of them is already),
    `open_change` (both wait for another name); NotVisible for anyone but the operator's staff.
    """
    _lock(kept, merged)
    _check(kept, merged)
    made = CompanyMerge.objects.create(
        store_id=kept.store_id,
        kept=kept,
        merged=merged,
        made_by=by,
        newest={
            label: _rows(model).aggregate(last=models.Max("pk"))["last"] or 0 for label, (model, _c) in tables().items()
        },
        merged_state=merged.state,
        made_at=clock.now(),
    )
    told = _members_of(kept, merged)
    _move(made)
    states.move(merged, CompanyState.MERGED)
    rows = sum(map(len, made.moved.values()))
    history.record(kept, "company.merged", by=by, merge_id=made.pk, merged_id=merged.pk, rows=rows)
    history.record(merged, "company.merged_into", by=by, merge_id=made.pk, kept_id=kept.pk)
    _tell(told, Kind.COMPANIES_MERGED, kept)
    sweep.configure(schedule_in={"seconds": int(SWEPT_AFTER.total_seconds())}).defer(
        merge_id=made.pk, store_id=made.store_id
    )
    return made


@rights.needs(Right.REVIEW_COMPANIES)
@transaction.atomic
def undo(made: CompanyMerge, *, by: User) -> CompanyMerge:
    """Give back exactly what moved, with what has grown on it since (an order of a moved quotation, a moved member's quotations).

    Refused: `undone`, `merged` (the kept company has been merged on), `changed` (something moved is gone or elsewhere),
    `entangled` (an order since has parts of both); NotVisible for anyone but the operator's staff.
    """
    states.lock(made)
    kept, merged = Company(pk=made.kept_id), Company(pk=made.merged_id)
    _lock(kept, merged)
    if made.undone_at:
        raise Refused(_("この統合は、すでに取り消されています。"), code="undone")
    if kept.state == CompanyState.MERGED:
        message = _("統合先の会社が、さらに別の会社に統合されています。先にそちらの統合を取り消してください。")
        raise Refused(message, code="merged")
    going = _all_there(made)
    _add_what_grew(going, made)
    told = _members_of(kept)
    for label, ids in going.items():
        model, column = tables()[label]
        _rows(model).filter(pk__in=ids).update(**{column: merged.pk})
    states.move(merged, made.merged_state)
    made.undone_at = clock.now()
    made.save(update_fields=["undone_at"])
    history.record(kept, "company.merge_undone", by=by, merge_id=made.pk, rows=sum(map(len, going.values())))
    history.record(merged, "company.merge_undone", by=by, merge_id=made.pk)
    _tell(told, Kind.COMPANIES_SEPARATED, kept)
    return made


@app.task(name="accounts.company_merges.sweep", retry=3)
def sweep(merge_id: int, store_id: int) -> None:  # noqa: ARG001  (whose merge it is, for the job list)
    """Move what requests wrote for the closed company that had begun before the merge was there to see."""
    with scope.platform():
        made = states.lock(CompanyMerge.objects.get(pk=merge_id))
        if made.undone_at is None:
            _move(made)


def _move(made: CompanyMerge) -> None:
    """Move the merged company's rows and note their ids, in addition to those of before."""
    for label, (model, column) in tables().items():
        ids = list(_rows(model).filter(_moves(model, column, made.kept, made.merged)).values_list("pk", flat=True))
        if ids:
            _rows(model).filter(pk__in=ids).update(**{column: made.kept_id})
            made.moved[label] = [*made.moved.get(label, []), *ids]
    made.save(update_fields=["moved"])


def _all_there(made: CompanyMerge) -> Ids:
    going: Ids = defaultdict(set)
    for label, ids in made.moved.items():
        model, column = tables()[label]
        if _rows(model).filter(pk__in=ids, **{column: made.kept_id}).count() != len(ids):
            message = _("統合のあとに削除または移動されたものがあるため、取り消せません。")
            raise Refused(message, code="changed")
        going[label] = set(ids)
    return going


def _add_what_grew(going: Ids, made: CompanyMerge) -> None:
    """Newer rows of the kept company that hang on what goes back, or that it hangs on, go along; older ones must not."""
    while True:
        before = sum(map(len, going.values()))
        for label, target, ids in _neighbours(going):
            model, column = tables()[label]
            new = _rows(model).filter(pk__in=ids, **{column: made.kept_id}).exclude(pk__in=going[label])
            for pk in new.values_list("pk", flat=True):
                if pk <= made.newest.get(label, 0):
                    message = _(
                        "統合のあとに、両方の会社の見積や契約にまたがるお手続き（%(what)s）があるため、取り消せません。"
                    )
                    raise Refused(message % {"what": target}, code="entangled")
                going[label].add(pk)
        if sum(map(len, going.values())) == before:
            return


def _neighbours(going: Ids) -> Iterator[tuple[str, str, list[int]]]:
    """Rows of which table, seen from which, are tied to what goes: down every key, up every key but to people."""
    mine = tables()
    by_model = {model: label for label, (model, _column) in mine.items()}
    for model in apps.get_models():
        keys = [key for key in _keys(model) if key.remote_field.model in by_model]
        if model in by_model:
            label = by_model[model]
            for key in keys:
                target = by_model[key.remote_field.model]
                if going.get(target):
                    newer = _rows(model).filter(**{f"{key.attname}__in": going[target]})
                    yield label, target, list(newer.exclude(pk__in=going[label]).values_list("pk", flat=True))
                if key.remote_field.model is not Member and going.get(label):
                    yield target, label, _ids(model, key.attname, pk__in=going[label])
        else:
            for one, other in permutations([key for key in keys if key.remote_field.model is not Member], 2):
                source, target = by_model[one.remote_field.model], by_model[other.remote_field.model]
                if going.get(source):
                    yield target, source, _ids(model, other.attname, **{f"{one.attname}__in": going[source]})


def _ids(model: type[models.Model], column: str, **wanted: Any) -> list[int]:
    found = model._base_manager.filter(**wanted).exclude(**{column: None})
    return list(found.values_list(column, flat=True))


def _moves(model: Model, column: str, kept: Company, merged: Company) -> models.Q:
    """What of the merged company's moves: all but a second billing contact."""
    if model is BillingContact and BillingContact.objects.filter(store_id=kept.store_id, company=kept).exists():
        return models.Q(pk=None)
    return models.Q(**{column: merged.pk})


def _check(kept: Company, merged: Company) -> None:
    if kept.pk == merged.pk:
        raise Refused(_("同じ会社どうしは統合できません。"), code="same")
    if kept.store_id != merged.store_id:
        raise Refused(_("別のストアの会社とは統合できません。"), code="store")
    if CompanyState.MERGED in {kept.state, merged.state}:
        raise Refused(_("すでに統合された会社です。"), code="merged")
    waiting = CompanyChange.objects.filter(company__in=[kept, merged], state=CompanyChange.State.REQUESTED)
    if waiting.count() > 1:
        message = _("両方の会社に、会社名・法人番号の変更のお申し込みがあります。先にご確認ください。")
        raise Refused(message, code="open_change")


def _lock(kept: Company, merged: Company) -> None:
    """Both, always in the same order."""
    for company in sorted((kept, merged), key=lambda company: company.pk):
        states.lock(company)


def _keys(model: type[models.Model]) -> list[Any]:
    return [field for field in model._meta.local_fields if isinstance(field, StoreForeignKey | StoreOneToOneField)]


def _rows(model: type[models.Model]) -> models.QuerySet[Any]:
    return model._base_manager.all()


def _members_of(*companies: Company) -> list[Member]:
    found = Member.objects.filter(company__in=companies, is_active=True)
    return list(found.select_related("company", "store").order_by("id"))


def _tell(members: list[Member], kind: Kind, kept: Company) -> None:
    facts: Mapping[str, str] = {_("統合先の会社"): kept.name}
    for member in members:
        security_notices.send(member, kind, device=_("窓口"), facts=facts, can_stop=False)
