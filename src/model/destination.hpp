// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "model/field_codec.hpp"
#include "model/reference.hpp"

namespace almon::model {

class Snapshot;

/// Where a call goes next: the typed destinations of incalls, fallbacks, IVR and schedules (API-079,
/// API-097). Only what its type has is set.
struct Destination {
    std::string type;    ///< Empty: nothing was said. "none": the call ends.
    std::string action;  ///< Of a hang-up its cause, of an application its name.
    Reference to;        ///< The user, group, ... ; nothing for types that name none.
    std::string exten;
    std::string context;
    std::string command;
    std::string filename;
    std::string email;
    std::string pin;
    std::string greeting;             ///< Of a voicemail: "busy", "unavailable" or none.
    std::optional<double> ring_time;  ///< Seconds.
    std::optional<int> timeout;       ///< Seconds.
    bool skip_instructions = false;
    bool skip = false;
    bool no_answer = false;

    /// Whether a call goes anywhere at all.
    [[nodiscard]] explicit operator bool() const noexcept { return !type.empty() && type != "none"; }
};

/// As the API shows it: with the names of what it leads to.
void write_destination(std::string& out, const Destination& destination, const Snapshot& snapshot);

/// For a field that is a destination: `.written_by(writes_destination<Incall, &Incall::destination>)`.
template <class Resource, Destination Resource::*member>
constexpr auto writes_destination = +[](std::string& out, const void* resource, const Snapshot& snapshot) {
    write_destination(out, static_cast<const Resource*>(resource)->*member, snapshot);
};

/// A new destination takes the place of the old one as a whole. Null: nothing is said.
template <>
struct FieldCodec<Destination> {
    static constexpr auto kKind = FieldKind::Object;
    static boost::json::object schema();
    static boost::json::value to_json(const Destination& destination);
    static Result<void> from_json(const boost::json::value& json, Destination& destination);
};

inline void refer(const Destination& destination, const Refer& take) {
    references::refer(destination.to, take);
}
inline void forget(Destination& destination, const Reference&) {
    destination = {};
    destination.type = "none";
}

}  // namespace almon::model
