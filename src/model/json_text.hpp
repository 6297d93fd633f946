// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/id.hpp"

namespace almon::model {

/// Appends the text as a JSON string, quotes included.
void append_json_text(std::string& out, std::string_view text);

/// A value appended as JSON. Texts of resources are null where they are empty.
inline void append_json(std::string& out, std::nullptr_t) {
    out += "null";
}
inline void append_json(std::string& out, std::string_view text) {
    text.empty() ? append_json(out, nullptr) : append_json_text(out, text);
}
template <std::same_as<bool> Boolean>
void append_json(std::string& out, Boolean value) {
    out += value ? "true" : "false";
}
template <std::integral Number>
    requires(!std::same_as<Number, bool>)
void append_json(std::string& out, Number value) {
    out += std::to_string(value);
}
template <class Tag>
void append_json(std::string& out, Id<Tag> id) {
    id ? append_json(out, id.value) : append_json(out, nullptr);
}

/// An object or a list that is being appended to a text: closed when it goes out of scope.
class JsonObject final {
public:
    explicit JsonObject(std::string& out) : out_(out) { out_ += '{'; }
    JsonObject(const JsonObject&) = delete;
    JsonObject& operator=(const JsonObject&) = delete;
    ~JsonObject() { out_ += '}'; }

    template <class Value>
    JsonObject& member(std::string_view name, const Value& value) {
        append_json(this->name(name), value);
        return *this;
    }
    /// For a value that is appended to what this returns.
    std::string& name(std::string_view name) {
        if (out_.back() != '{') out_ += ',';
        out_ += '"';
        out_ += name;
        out_ += "\":";
        return out_;
    }

private:
    std::string& out_;
};

class JsonList final {
public:
    explicit JsonList(std::string& out) : out_(out) { out_ += '['; }
    JsonList(const JsonList&) = delete;
    JsonList& operator=(const JsonList&) = delete;
    ~JsonList() { out_ += ']'; }

    /// For an entry that is appended to what this returns.
    std::string& entry() {
        if (out_.back() != '[') out_ += ',';
        return out_;
    }

private:
    std::string& out_;
};

}  // namespace almon::model
