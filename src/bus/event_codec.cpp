// SPDX-License-Identifier: GPL-3.0-or-later
#include "bus/event_codec.hpp"

#include <cstdint>
#include <utility>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include "base/archive.hpp"
#include "base/overload.hpp"

namespace almon::bus {
namespace {

// On disk, so never changed.
enum class Kind : std::uint16_t {
    CallEvent = 1,
    ContactBound = 2,
    ContactRemoved = 3,
    HoldChanged = 4,
    TransferChanged = 5,
    VoiceMessageChanged = 6,
};

template <class Event>
using Fields = boost::describe::describe_members<Event, boost::describe::mod_any_access>;

template <class Event>
void put(Archive& archive, Kind kind, const Event& event) {
    archive.put(kind);
    archive.put(static_cast<std::uint16_t>(boost::mp11::mp_size<Fields<Event>>::value));
    boost::mp11::mp_for_each<Fields<Event>>([&](auto field) { archive.put(event.*field.pointer); });
}

template <class Event>
void get(ArchiveReader& reader, Event& event) {
    auto written = reader.get<std::uint16_t>();
    boost::mp11::mp_for_each<Fields<Event>>([&](auto field) {
        if (written == 0) return;
        --written;
        reader.get(event.*field.pointer);
    });
    // Whatever a newer version wrote behind is left unread.
}

}  // namespace

void encode(const Event& event, std::string& bytes) {
    Archive archive(std::move(bytes));
    std::visit(
        Overload{
            [&](const CallEvent& call) { put(archive, Kind::CallEvent, call); },
            [&](const ContactBound& bound) { put(archive, Kind::ContactBound, bound.contact); },
            [&](const ContactRemoved& removed) { put(archive, Kind::ContactRemoved, removed); },
            [&](const HoldChanged& hold) { put(archive, Kind::HoldChanged, hold); },
            [&](const TransferChanged& transfer) { put(archive, Kind::TransferChanged, transfer); },
            [&](const VoiceMessageChanged& message) { put(archive, Kind::VoiceMessageChanged, message); }},
        event);
    bytes = archive.take();
}

Result<Event> decode(std::string_view bytes) {
    ArchiveReader reader(bytes);
    Result<Event> decoded;
    Event& event = *decoded;
    switch (reader.get<Kind>()) {
        case Kind::CallEvent: {
            auto& call = event.emplace<CallEvent>();
            get(reader, call);
            if (call.type > CallEventType::LinkedIdEnd) reader.fail();
            break;
        }
        case Kind::ContactBound:
            get(reader, event.emplace<ContactBound>().contact);
            break;
        case Kind::ContactRemoved:
            get(reader, event.emplace<ContactRemoved>());
            break;
        case Kind::HoldChanged:
            get(reader, event.emplace<HoldChanged>());
            break;
        case Kind::TransferChanged: {
            auto& transfer = event.emplace<TransferChanged>();
            get(reader, transfer);
            if (transfer.change > TransferChange::Ended || transfer.flow > TransferFlow::Blind ||
                transfer.stage > TransferStage::Answered)
                reader.fail();
            break;
        }
        case Kind::VoiceMessageChanged: {
            auto& message = event.emplace<VoiceMessageChanged>();
            get(reader, message);
            if (message.change > MessageChange::Deleted) reader.fail();
            break;
        }
        default:
            return refuse(ErrorCode::Unsupported, "event", "of a kind that this version does not know");
    }
    if (!reader.ok()) return refuse(ErrorCode::Malformed, "event", "ends early");
    return decoded;
}

}  // namespace almon::bus
