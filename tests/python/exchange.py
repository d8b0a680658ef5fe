"""Exchanges every message with PyPI's livekit-protocol, both ways.

exchange.py VERSION OURS FOLDER: OURS is the program tests/host/src/bin/exchange.rs, FOLDER holds what it
filled. Comparisons are Python's: two messages are equal when Google's protobuf says so.
"""

import importlib
import pathlib
import pkgutil
import subprocess
import sys

from google.protobuf import message_factory
import livekit.protocol

# As in exchange.rs: what release 1.1.5 had otherwise.
CHANGED_SINCE_1_1_5 = {"AudioConfig", "DataConfig", "DataSelector", "MediaSource"}


def quickstart():
    """The package's own first steps."""
    from livekit.protocol.models import ParticipantInfo

    participant = ParticipantInfo(sid="PA_4nDqTTbeRqS8", identity="sensor-1", name="Sensor")
    parsed = ParticipantInfo()
    parsed.ParseFromString(participant.SerializeToString())
    assert parsed == participant
    return participant


def message_types():
    """Every message class of the package, nested ones too, by full name."""
    types = {}

    def add(descriptor):
        if not descriptor.GetOptions().map_entry:
            types[descriptor.full_name] = message_factory.GetMessageClass(descriptor)
        for nested in descriptor.nested_types:
            add(nested)

    for found in pkgutil.walk_packages(livekit.protocol.__path__, "livekit.protocol."):
        file = getattr(importlib.import_module(found.name), "DESCRIPTOR", None)
        for descriptor in file.message_types_by_name.values() if file else ():
            add(descriptor)
    return {name: cls for name, cls in types.items() if name.startswith("livekit.")}


def scalar(field):
    kinds = {
        field.CPPTYPE_STRING: b"b" if field.type == field.TYPE_BYTES else "s",
        field.CPPTYPE_BOOL: True,
        field.CPPTYPE_FLOAT: 1.5,
        field.CPPTYPE_DOUBLE: 1.5,
        field.CPPTYPE_ENUM: field.enum_type.values[-1].number if field.enum_type else 0,
    }
    return kinds.get(field.cpp_type, 7)


def is_repeated(field):
    # Older protobuf has the label, newer warns of it.
    return field.is_repeated if hasattr(field, "is_repeated") else field.label == 3


def fill(message, round, old, depth=0):
    """Sets every field; of each oneof one member, in rotation."""
    for field in message.DESCRIPTOR.fields:
        oneof = field.containing_oneof
        if oneof and oneof.fields[round % len(oneof.fields)] is not field and len(oneof.fields) > 1:
            continue
        nested = field.message_type
        if nested and nested.GetOptions().map_entry:
            key, value = nested.fields_by_name["key"], nested.fields_by_name["value"]
            target = getattr(message, field.name)
            if value.message_type:
                if depth < 6:
                    fill(target[scalar(key)], round, old, depth + 1)
            else:
                target[scalar(key)] = scalar(value)
        elif nested:
            if (old and nested.name in CHANGED_SINCE_1_1_5) or depth > 12:
                continue
            if nested.full_name.startswith("google.protobuf.") and depth > 4:
                continue
            target = getattr(message, field.name)
            if is_repeated(field):
                fill(target.add(), round, old, depth + 1)
            else:
                target.SetInParent()
                fill(target, round, old, depth + 1)
        elif is_repeated(field):
            getattr(message, field.name).append(scalar(field))
        else:
            setattr(message, field.name, scalar(field))


def main(version, ours, family, folder):
    folder, old = pathlib.Path(folder), version == "1.1.5"
    types = message_types()
    if old:
        types = {n: c for n, c in types.items() if n.split(".")[-1] not in CHANGED_SINCE_1_1_5}

    (folder / "livekit.ParticipantInfo.quickstart.python").write_bytes(
        quickstart().SerializeToString()
    )
    received, sent = set(), {}
    for name, cls in types.items():
        for file in folder.glob(f"{name}.[0-9].ours"):
            mine, prosts = cls(), cls()
            mine.ParseFromString(file.read_bytes())
            prosts.ParseFromString(file.with_suffix(".prost").read_bytes())
            assert mine == prosts, f"{file.name}: python reads ours otherwise than prost's"
            received.add(name)
        # UpdateEgressRequest went after 1.1.5: here is nobody to send it to.
        if not (folder / f"{name}.1.ours").exists():
            continue
        for round in range(max([len(o.fields) for o in cls.DESCRIPTOR.oneofs] or [1])):
            message = cls()
            fill(message, round, old)
            sent[f"{name}.{round}"] = message
            (folder / f"{name}.{round}.python").write_bytes(message.SerializeToString())
    subprocess.run([ours, "again", family, folder], check=True)
    for stem, message in sent.items():
        again = type(message)()
        again.ParseFromString((folder / f"{stem}.again").read_bytes())
        assert again == message, f"{stem}: what python sent comes back changed\n{message}\n{again}"
    quick = types["livekit.ParticipantInfo"]()
    quick.ParseFromString((folder / "livekit.ParticipantInfo.quickstart.again").read_bytes())
    assert quick == quickstart()
    both = received & {stem.rsplit(".", 1)[0] for stem in sent}
    left = sorted(set(types) - both)
    print(f"livekit-protocol {version}, {family}: {len(both)} message types both ways, {len(sent)} messages")
    if left:
        print(f"  without a counterpart here: {', '.join(left)}")


main(*sys.argv[1:])
