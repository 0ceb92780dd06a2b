"""The kind of frame that the indicators take and give: lazy, of any engine that Narwhals knows."""

from typing import Any, TypeAlias

import narwhals as nw

Frame: TypeAlias = nw.LazyFrame[Any]
