// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "model/declaration.hpp"
#include "model/ids.hpp"

namespace almon::model {

/// What a function key is for (API-118 to API-131). Only what its type has is set.
struct KeyDestination {
    std::string type;
    Reference to;      ///< The user, group, queue ... ; nothing for types that name none.
    std::string word;  ///< Of a service, forward or transfer which; of a parking place its number.
    std::string exten;

    friend bool operator==(const KeyDestination&, const KeyDestination&) = default;
};

struct FunctionKey {
    int position = 1;
    std::string label;
    bool blf = true;  ///< Its lamp follows what goes on at its destination.
    KeyDestination destination;
};

/// Keys by ascending position.
struct FunctionKeys {
    std::vector<FunctionKey> keys;

    /// Null where the key does nothing.
    [[nodiscard]] const FunctionKey* at(int position) const noexcept;
    void put(FunctionKey key);
    void erase(int position);
    /// Refuses two keys that do the same (ADB-204, INS-142).
    [[nodiscard]] Result<void> check_doubles() const;
};

/// Keys that several users share (API-116).
struct FunctionKeyTemplate {
    FunctionKeyTemplateId id;
    std::string name;
    FunctionKeys keys;
};
template <>
Declaration declare<FunctionKeyTemplate>();

inline constexpr int kHighestKeyPosition = 1000;

/// All types of destinations with their parameters, as GET /funckeys/destinations tells of them.
[[nodiscard]] boost::json::array function_key_destinations();

/// {"label": ..., "blf": ..., "destination": {...}}
[[nodiscard]] boost::json::object to_json(const FunctionKey& key);
/// What a client sends for the key at a position.
[[nodiscard]] Result<FunctionKey> function_key_of(const boost::json::value& json, int position);
[[nodiscard]] boost::json::object function_key_schema();

/// {"1": {...}, "2": {...}}: what is sent takes the place of all there was.
template <>
struct FieldCodec<FunctionKeys> {
    static constexpr auto kKind = FieldKind::Object;
    static boost::json::object schema() { return {{"type", "object"}}; }
    static boost::json::value to_json(const FunctionKeys& keys);
    static Result<void> from_json(const boost::json::value& json, FunctionKeys& keys);
};

inline void refer(const FunctionKeys& keys, const Refer& take) {
    for (const auto& key : keys.keys)
        references::refer(key.destination.to, take);
}
inline void forget(FunctionKeys& keys, const Reference& gone) {
    std::erase_if(keys.keys, [&](const FunctionKey& key) { return key.destination.to == gone; });
}

}  // namespace almon::model
