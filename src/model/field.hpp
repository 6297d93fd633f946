// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "base/result.hpp"
#include "model/field_codec.hpp"
#include "model/json_text.hpp"
#include "model/reference.hpp"

namespace almon::model {

struct Declaration;
class Snapshot;

/// What becomes of a resource when another that it names shall be erased: the other must stay, the name is
/// taken out, or it is erased as well, in the same change.
enum class WhenErased : std::uint8_t { Refuse, Clear, Follow };

/// One member of a resource, declared once. From it come its JSON, the checks of what clients send, its
/// column, whether lists are searched and ordered by it, and its lines in the API document and in forms. The
/// default is what the member has in a new resource: it is not said twice.
class Field final {
public:
    using Check = Result<void> (*)(const boost::json::value&);

    // What the field is

    std::string name;    ///< In the API.
    std::string column;  ///< In the table; empty: not stored.
    FieldKind kind = FieldKind::Text;
    std::string help;  ///< A sentence for forms and documents.

    bool is_key = false;       ///< Part of what names the resource.
    bool is_required = false;  ///< Must be there, and not empty, when a resource is created.
    bool is_read_only = false;
    bool is_fixed = false;   ///< Set at creation, never changed after.
    bool is_hidden = false;  ///< Stored, but no business of the API.
    bool is_secret = false;  ///< Sealed in the database.
    bool is_write_only = false;
    bool is_hashed = false;    ///< Kept as an argon2id hash, which the store makes of what is set.
    bool is_unique = false;    ///< No two resources of the kind may have the same (empty ones aside).
    bool is_searched = false;  ///< Lists with `search` look into it.
    bool is_sortable = false;  ///< Lists may be ordered by it.
    bool is_nullable =
        false;  ///< What is nothing in a new resource may be set to null; found by Declaration.
    bool is_plain_text = false;  ///< An empty text is shown as such and not as null.

    std::string names_kind;     ///< The value is the `name` of a resource of this kind, which must exist.
    bool is_exclusive = false;  ///< What it names may be named by nobody else in such a member.
    WhenErased when_erased = WhenErased::Refuse;  ///< For members that name others.

    std::int64_t minimum = std::numeric_limits<std::int64_t>::min();
    std::int64_t maximum = std::numeric_limits<std::int64_t>::max();
    std::size_t shortest = 0;  ///< Characters.
    std::size_t longest = 255;
    std::vector<std::string> choices;  ///< Empty: anything.
    /// Writes the value where that takes a look at others.
    void (*write_with)(std::string& out, const void* resource, const Snapshot& snapshot) = nullptr;
    Check check = nullptr;      ///< Further demands on a value of the right type and size.
    boost::json::object items;  ///< Of lists and objects: their schema (OpenAPI 2.0).

    // How it is declared: field("name", &User::name).required().length(1, 128)

    Field& key() { return set(is_key), set(is_read_only); }
    Field& required() { return set(is_required); }
    Field& read_only() { return set(is_read_only); }
    Field& fixed() { return set(is_fixed); }
    Field& hidden() { return set(is_hidden); }
    Field& secret() { return set(is_secret); }
    Field& write_only() { return set(is_write_only); }
    Field& hashed() { return set(is_hashed), set(is_write_only); }
    Field& unique() { return set(is_unique); }
    Field& searched() { return set(is_searched); }
    Field& sortable() { return set(is_sortable); }
    Field& plain_text() { return set(is_plain_text); }
    Field& names(std::string other_kind) { return names_kind = std::move(other_kind), *this; }
    Field& exclusive() { return set(is_exclusive); }
    Field& names_nobody() { return refer_ = nullptr, forget_ = nullptr, *this; }
    Field& cleared() { return when_erased = WhenErased::Clear, *this; }
    Field& follows() { return when_erased = WhenErased::Follow, *this; }
    Field& in_column(std::string other) { return column = std::move(other), *this; }
    Field& says(std::string sentence) { return help = std::move(sentence), *this; }
    Field& range(std::int64_t least, std::int64_t most) { return minimum = least, maximum = most, *this; }
    Field& length(std::size_t least, std::size_t most) { return shortest = least, longest = most, *this; }
    Field& one_of(std::vector<std::string> all) { return choices = std::move(all), *this; }
    Field& written_by(void (*writer)(std::string&, const void*, const Snapshot&)) {
        return write_with = writer, *this;
    }
    Field& checked_by(Check further) { return check = further, *this; }

    // What is done with it

    /// The member's value as the API shows it.
    [[nodiscard]] boost::json::value show(const void* resource) const;
    /// The same as text, appended; without the detour where that pays.
    void write(std::string& out, const void* resource) const { write_(out, resource, is_plain_text); }
    /// Takes a client's value over, or says in a sentence without the field's name what is wrong with it.
    [[nodiscard]] Result<void> take(void* resource, const boost::json::value& value) const;

    /// As stored: get() gives what set() takes; neither checks anything.
    [[nodiscard]] boost::json::value get(const void* resource) const { return get_(resource); }
    [[nodiscard]] Result<void> set(void* resource, const boost::json::value& value) const {
        return set_(resource, value);
    }
    /// Whether values of its type can name other resources.
    [[nodiscard]] bool refers() const noexcept { return refer_ != nullptr; }
    /// What the member names.
    void refer(const void* resource, const Refer& take) const { refer_(resource, take); }
    /// Takes a name out.
    void forget(void* resource, const Reference& gone) const { forget_(resource, gone); }

    /// Its property in an OpenAPI 2.0 document; `fallback` is a new resource's value.
    [[nodiscard]] boost::json::object schema(const boost::json::value& fallback) const;

    template <class Resource, class Value>
    friend Field field(std::string name, Value Resource::*member);

private:
    Field& set(bool& property) { return property = true, *this; }

    std::function<boost::json::value(const void*)> get_;
    std::function<void(std::string&, const void*, bool)> write_;
    std::function<Result<void>(void*, const boost::json::value&)> set_;
    std::function<void(const void*, const Refer&)> refer_;
    std::function<void(void*, const Reference&)> forget_;
};

namespace field_detail {
// Types of one's own bring their refer() and forget() along; they are found by argument.
using references::forget;
using references::refer;
template <class Value>
concept Referring = requires(const Value& value, const Refer& take) { refer(value, take); };
template <class Value>
void refer_to(const Value& value, const Refer& take) {
    refer(value, take);
}
template <class Value>
void forget_in(Value& value, const Reference& gone) {
    forget(value, gone);
}
}  // namespace field_detail

/// A field kept in the column of the same name.
template <class Resource, class Value>
[[nodiscard]] Field field(std::string name, Value Resource::*member) {
    using Codec = FieldCodec<Value>;
    Field made;
    made.column = name;
    made.name = std::move(name);
    made.kind = Codec::kKind;
    if constexpr (requires { Codec::schema(); }) made.items = Codec::schema();
    made.get_ = [member](const void* resource) {
        return Codec::to_json(static_cast<const Resource*>(resource)->*member);
    };
    made.write_ = [member](std::string& out, const void* resource, bool is_plain_text) {
        const auto& value = static_cast<const Resource*>(resource)->*member;
        if constexpr (std::is_same_v<Value, std::string>) {
            if (value.empty() && !is_plain_text)
                out += "null";
            else
                append_json_text(out, value);
        } else if constexpr (std::is_same_v<Value, bool>) {
            out += value ? "true" : "false";
        } else if constexpr (std::is_integral_v<Value>) {
            out += std::to_string(value);
        } else {
            out += boost::json::serialize(Codec::to_json(value));
        }
    };
    made.set_ = [member](void* resource, const boost::json::value& value) -> Result<void> {
        return Codec::from_json(value, static_cast<Resource*>(resource)->*member);
    };
    if constexpr (field_detail::Referring<Value>) {
        made.refer_ = [member](const void* resource, const Refer& take) {
            field_detail::refer_to(static_cast<const Resource*>(resource)->*member, take);
        };
        made.forget_ = [member](void* resource, const Reference& gone) {
            field_detail::forget_in(static_cast<Resource*>(resource)->*member, gone);
        };
    }
    return made;
}

/// What is shown with a resource but belongs to others: read-only, made anew each time.
struct Relation {
    std::string name;
    boost::json::object schema;
    void (*write)(std::string& out, const void* resource, const Snapshot& snapshot) = nullptr;
};

/// Another way to show a resource in lists, asked for by `view`.
struct View {
    std::string name;
    void (*write)(std::string& out, const void* resource, const Snapshot& snapshot) = nullptr;
};

/// A parameter of lists beyond the values of fields.
struct Filter {
    std::string name;
    std::vector<std::string> choices;
    bool (*admits)(const void* resource, std::string_view choice, const Snapshot& snapshot) = nullptr;
};

}  // namespace almon::model
