"""A small archive in memory and an empty engine of each kind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from search import sources
from search.engines.base import Engine
from search.engines.base import engine as configured
from search.engines.elastic import ElasticEngine
from search.rules.documents import IndexDocument

SOURCE = "shelf"
PUBLIC = ("public",)


def page(record: int, number: int, text: str, **fields: object) -> IndexDocument:
    """One page; fields not named are those of a public resolution of 2026."""
    values: dict[str, object] = {
        "ref": f"{record}/NQ-CP",
        "title": "Nghị quyết",
        "kind": "Nghị quyết",
        "agency": "Chính phủ",
        "signer": "Trần Quốc Khải",
        "date": date(2026, 1, 1),
        "acl_tokens": PUBLIC,
    }
    return IndexDocument(record=record, page=number, text=text, **(values | fields))  # type: ignore[arg-type]  # a test's shorthand


class Shelf:
    """Stands for a room with searchable objects: pages by object id, changed freely by a test."""

    def __init__(self) -> None:
        self.pages: dict[int, list[IndexDocument]] = {}

    def put(self, *pages: IndexDocument) -> None:
        for item in pages:
            self.pages.setdefault(item.record, []).append(item)

    def build(self, object_id: int) -> Iterable[IndexDocument]:
        return self.pages.get(object_id, [])

    def all_ids(self) -> Iterable[int]:
        return sorted(self.pages)

    def visible(self, ids: Collection[int], tokens: Collection[str]) -> Collection[int]:
        return [
            item for item in ids if item in self.pages and set(self.pages[item][0].acl_tokens) & set(tokens)
        ]


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    made = Shelf()
    sources.register(SOURCE, made.build, all_ids=made.all_ids, visible=made.visible)
    yield made
    sources.unregister(SOURCE)


@pytest.fixture(
    params=["tantivy", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)],
)
def engine(request: pytest.FixtureRequest, settings: Any, tmp_path: Path) -> Iterator[Engine]:
    """An empty engine; the settings point to it."""
    settings.SEARCH_DIR = tmp_path / "search"
    settings.ELASTICSEARCH_PREFIX = f"test-{uuid4().hex[:12]}"
    if request.param == "tantivy":
        settings.ELASTICSEARCH_URL = ""
    made = configured()
    yield made
    if isinstance(made, ElasticEngine):
        made.remove_everything()


@pytest.fixture
def archive(engine: Engine, shelf: Shelf) -> Shelf:
    """Four records about water and health, indexed; one of them only for body 1."""
    shelf.put(
        page(
            36,
            1,
            "NGHỊ QUYẾT\nvề bảo đảm an ninh nguồn nước\ncho sản xuất và sinh hoạt",
            title="Nghị quyết về bảo đảm an ninh nguồn nước mùa khô 2026–2027",
            title_en="Resolution on water security",
            date=date(2026, 11, 26),
        ),
        page(
            36,
            2,
            "Ưu tiên nguồn nước cho sinh hoạt, sau đó đến cây lâu năm và thủy sản.",
            title="Nghị quyết về bảo đảm an ninh nguồn nước mùa khô 2026–2027",
            date=date(2026, 11, 26),
        ),
        page(
            112,
            1,
            "Căn cứ Nghị quyết số 36/NQ-CP.\nKịch bản nguồn nước được công bố trước ngày 01 tháng 12.",
            ref="112/2024/NĐ-CP",
            title="Nghị định về điều hòa, phân phối nguồn nước liên tỉnh",
            kind="Nghị định",
            agency="Bộ Nông nghiệp và Môi trường",
            date=date(2024, 8, 14),
        ),
        page(
            87,
            1,
            "Vận hành liên hồ chứa khi có lũ. Nước về hồ tăng nhanh, nguồn điện dự phòng sẵn sàng.",
            ref="87/2025/QĐ-TTg",
            title="Quyết định về quy trình vận hành liên hồ chứa",
            kind="Quyết định",
            agency="Bộ Nông nghiệp và Môi trường",
            date=date(2025, 5, 9),
        ),
        page(
            214,
            1,
            "Rà soát nguồn nước ngọt dự trữ. Nội dung họp kín.",
            ref="214/TB-VPCP",
            title="Thông báo kết luận",
            kind="Thông báo",
            agency="Văn phòng Chính phủ",
            date=date(2026, 3, 2),
            acl_tokens=("body:1",),
        ),
    )
    every = [item for pages in shelf.pages.values() for item in pages]
    engine.index([replace(item, source=SOURCE) for item in every], version=10)
    return shelf
