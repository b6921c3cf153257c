from __future__ import annotations

import pytest
from temporalio.api.common.v1 import Payload

from tests.history_keys import KEYS, OTHER_KEYS
from workflows.converter import MarkedPayloadConverter, ShownText
from workflows.history_codec import HistoryCodec, Unreadable

SECRET = Payload(metadata={"encoding": b"json/plain"}, data=b'"a cough"')


async def sealed(codec: HistoryCodec, payload: Payload = SECRET) -> Payload:
    [found] = await codec.encode([payload])
    return found


async def test_what_is_sealed_is_opened_and_shows_nothing() -> None:
    codec = HistoryCodec(KEYS)
    found = await sealed(codec)
    assert b"cough" not in found.SerializeToString()
    assert b"json" not in found.SerializeToString()
    assert await codec.decode([found]) == [SECRET]


async def test_several_payloads_keep_their_order() -> None:
    codec = HistoryCodec(KEYS)
    several = [SECRET, Payload(), Payload(metadata={"encoding": b"binary/null"})]
    assert await codec.decode(await codec.encode(several)) == several


async def test_the_same_payload_is_never_sealed_alike() -> None:
    codec = HistoryCodec(KEYS)
    assert len({(await sealed(codec)).data[:12] for _ in range(1000)}) == 1000


async def test_a_payload_in_clear_is_read_as_it_is() -> None:
    assert await HistoryCodec(KEYS).decode([SECRET]) == [SECRET]


async def test_the_first_key_seals_and_all_open() -> None:
    old, rotated = HistoryCodec(KEYS), HistoryCodec(OTHER_KEYS | KEYS)
    assert await rotated.decode([await sealed(old)]) == [SECRET]
    assert (await sealed(rotated)).metadata["encryption-key-id"] == b"other"
    with pytest.raises(Unreadable, match="`other`, which is not known here"):
        await old.decode([await sealed(rotated)])


async def test_another_key_of_the_same_name_is_told_from_an_unknown_one() -> None:
    found = await sealed(HistoryCodec(KEYS))
    with pytest.raises(Unreadable, match="does not open with the history key `test`") as raised:
        await HistoryCodec({"test": b"x" * 32}).decode([found])
    assert raised.value.__cause__ is None


@pytest.mark.parametrize("place", [0, 11, 12, -1])
async def test_a_changed_byte_is_noticed(place: int) -> None:
    codec = HistoryCodec(KEYS)
    found = await sealed(codec)
    data = bytearray(found.data)
    data[place] ^= 1
    with pytest.raises(Unreadable):
        await codec.decode([Payload(metadata=found.metadata, data=bytes(data))])


@pytest.mark.parametrize("kept", [0, 5, 12, 20])
async def test_a_piece_of_a_payload_is_noticed(kept: int) -> None:
    codec = HistoryCodec(KEYS)
    found = await sealed(codec)
    with pytest.raises(Unreadable):
        await codec.decode([Payload(metadata=found.metadata, data=found.data[:kept])])


async def test_a_payload_is_bound_to_the_name_of_its_key() -> None:
    key = KEYS["test"]
    codec = HistoryCodec({"test": key, "twin": key})
    found = await sealed(codec)
    with pytest.raises(Unreadable):
        await codec.decode([Payload(metadata={**found.metadata, "encryption-key-id": b"twin"}, data=found.data)])


async def test_a_text_of_the_plan_stays_readable_without_its_mark() -> None:
    payload = MarkedPayloadConverter().to_payload(ShownText("booking: read slot"))
    assert await sealed(HistoryCodec(KEYS), payload) == Payload(
        metadata={"encoding": b"json/plain"}, data=b'"booking: read slot"'
    )


async def test_any_other_text_is_sealed() -> None:
    payload = MarkedPayloadConverter().to_payload("booking: read slot")
    assert b"read slot" not in (await sealed(HistoryCodec(KEYS), payload)).SerializeToString()


async def test_without_keys_nothing_is_sealed_and_nothing_opened() -> None:
    codec = HistoryCodec({})
    assert await codec.encode([SECRET]) == await codec.decode([SECRET]) == [SECRET]
    with pytest.raises(Unreadable, match="history key `test`"):
        await codec.decode([await sealed(HistoryCodec(KEYS))])


@pytest.mark.parametrize("length", [0, 16, 31, 33])
def test_a_codec_wants_keys_of_full_length(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        HistoryCodec({"key": b"x" * length})
