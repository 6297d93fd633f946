// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include <boost/describe.hpp>
#include <boost/mp11.hpp>

#include "base/id.hpp"
#include "base/result.hpp"

namespace almon {

/// Live state as bytes. A struct takes part by BOOST_DESCRIBE_STRUCT(Type, (Bases), (members...)) in its
/// namespace; a class with private state by two members, `void save(Archive&) const` and `void
/// restore(ArchiveReader&)`. Little-endian, no versioning: it is handed from one process to the next of the
/// same build, or compared by the simulator.
class Archive final {
public:
    Archive() = default;
    /// Goes on behind what is there.
    explicit Archive(std::string bytes) noexcept : bytes_(std::move(bytes)) {}

    template <class T>
    void put(const T& value);
    [[nodiscard]] const std::string& bytes() const noexcept { return bytes_; }
    [[nodiscard]] std::string take() noexcept { return std::move(bytes_); }

private:
    std::string bytes_;
};

/// Reads what Archive wrote. Bytes that end early leave `ok()` false and default values; nothing is read out
/// of bounds.
class ArchiveReader final {
public:
    explicit ArchiveReader(std::string_view bytes) noexcept : rest_(bytes) {}

    template <class T>
    void get(T& value);
    template <class T>
    [[nodiscard]] T get() {
        T value{};
        get(value);
        return value;
    }
    [[nodiscard]] bool ok() const noexcept { return ok_; }
    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
    void fail() noexcept {
        ok_ = false;
        rest_ = {};
    }

private:
    std::uint64_t get_size() {
        const auto size = get<std::uint64_t>();
        // Every element takes at least one byte (an empty struct writes none, but is never counted in
        // practice).
        if (size > rest_.size()) {
            fail();
            return 0;
        }
        return size;
    }

    std::string_view rest_;
    bool ok_ = true;
};

namespace archive_detail {

template <class T>
inline constexpr bool is_described = boost::describe::has_describe_members<T>::value;

template <class T, template <class...> class Template>
inline constexpr bool is_instance = false;
template <template <class...> class Template, class... Arguments>
inline constexpr bool is_instance<Template<Arguments...>, Template> = true;

template <class T>
concept SavesItself = requires(const T& constant, T& value, Archive& archive, ArchiveReader& reader) {
    constant.save(archive);
    value.restore(reader);
};

template <class T>
inline constexpr bool is_duration = false;
template <class Rep, class Period>
inline constexpr bool is_duration<std::chrono::duration<Rep, Period>> = true;
template <class T>
inline constexpr bool is_time_point = false;
template <class Clock, class D>
inline constexpr bool is_time_point<std::chrono::time_point<Clock, D>> = true;
template <class T>
inline constexpr bool is_id = false;
template <class Tag>
inline constexpr bool is_id<Id<Tag>> = true;
template <class T>
inline constexpr bool is_array = false;
template <class T, std::size_t N>
inline constexpr bool is_array<std::array<T, N>> = true;

template <class T>
concept Sequence = is_instance<T, std::vector> || is_instance<T, std::deque>;
template <class T>
concept Mapping = is_instance<T, std::map> || is_instance<T, std::unordered_map>;

template <class T>
using Members =
    boost::describe::describe_members<T, boost::describe::mod_any_access | boost::describe::mod_inherited>;

}  // namespace archive_detail

template <class T>
void Archive::put(const T& value) {
    using namespace archive_detail;
    if constexpr (SavesItself<T>) {
        value.save(*this);
    } else if constexpr (std::is_same_v<T, bool>) {
        bytes_.push_back(value ? '\1' : '\0');
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof(T));
    } else if constexpr (is_id<T>) {
        put(value.value);
    } else if constexpr (is_duration<T>) {
        put(value.count());
    } else if constexpr (is_time_point<T>) {
        put(value.time_since_epoch().count());
    } else if constexpr (std::is_same_v<T, std::string>) {
        put(static_cast<std::uint64_t>(value.size()));
        bytes_.append(value);
    } else if constexpr (is_instance<T, std::optional>) {
        put(value.has_value());
        if (value) put(*value);
    } else if constexpr (is_instance<T, std::pair>) {
        put(value.first);
        put(value.second);
    } else if constexpr (is_array<T>) {
        for (const auto& element : value)
            put(element);
    } else if constexpr (Sequence<T> || is_instance<T, std::set>) {
        put(static_cast<std::uint64_t>(value.size()));
        for (const auto& element : value)
            put(static_cast<const typename T::value_type&>(element));
    } else if constexpr (is_instance<T, std::unordered_map>) {
        // Sorted, so that equal states give equal bytes whatever the table's history.
        std::map<typename T::key_type, const typename T::mapped_type*> sorted;
        for (const auto& [key, mapped] : value)
            sorted.emplace(key, &mapped);
        put(static_cast<std::uint64_t>(sorted.size()));
        for (const auto& [key, mapped] : sorted) {
            put(key);
            put(*mapped);
        }
    } else if constexpr (is_instance<T, std::map>) {
        put(static_cast<std::uint64_t>(value.size()));
        for (const auto& [key, mapped] : value) {
            put(key);
            put(mapped);
        }
    } else if constexpr (is_instance<T, std::variant>) {
        put(static_cast<std::uint8_t>(value.index()));
        std::visit([this](const auto& alternative) { this->put(alternative); }, value);
    } else if constexpr (std::is_same_v<T, std::monostate>) {
    } else {
        static_assert(is_described<T>,
                      "describe the struct with BOOST_DESCRIBE_STRUCT, or give it save() and restore()");
        boost::mp11::mp_for_each<Members<T>>([&](auto member) { put(value.*member.pointer); });
    }
}

template <class T>
void ArchiveReader::get(T& value) {
    using namespace archive_detail;
    if constexpr (SavesItself<T>) {
        value.restore(*this);
    } else if constexpr (std::is_same_v<T, bool>) {
        if (rest_.empty()) return fail();
        value = rest_.front() != '\0';
        rest_.remove_prefix(1);
    } else if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>) {
        if (rest_.size() < sizeof(T)) return fail();
        std::memcpy(&value, rest_.data(), sizeof(T));
        rest_.remove_prefix(sizeof(T));
    } else if constexpr (is_id<T>) {
        get(value.value);
    } else if constexpr (is_duration<T>) {
        value = T{get<typename T::rep>()};
    } else if constexpr (is_time_point<T>) {
        value = T{typename T::duration{get<typename T::rep>()}};
    } else if constexpr (std::is_same_v<T, std::string>) {
        const auto size = get_size();
        value.assign(rest_.substr(0, size));
        rest_.remove_prefix(size);
    } else if constexpr (is_instance<T, std::optional>) {
        value.reset();
        if (get<bool>()) get(value.emplace());
    } else if constexpr (is_instance<T, std::pair>) {
        get(value.first);
        get(value.second);
    } else if constexpr (is_array<T>) {
        for (auto& element : value)
            get(element);
    } else if constexpr (Sequence<T>) {
        value.clear();
        for (auto count = get_size(); count > 0 && ok_; --count)
            value.push_back(get<typename T::value_type>());
    } else if constexpr (is_instance<T, std::set>) {
        value.clear();
        for (auto count = get_size(); count > 0 && ok_; --count)
            value.insert(get<typename T::value_type>());
    } else if constexpr (Mapping<T>) {
        value.clear();
        for (auto count = get_size(); count > 0 && ok_; --count) {
            auto key = get<typename T::key_type>();
            get(value[std::move(key)]);
        }
    } else if constexpr (is_instance<T, std::variant>) {
        const auto index = get<std::uint8_t>();
        if (index >= std::variant_size_v<T>) return fail();
        boost::mp11::mp_with_index<std::variant_size_v<T>>(
            index, [&](auto alternative) { get(value.template emplace<alternative>()); });
    } else if constexpr (std::is_same_v<T, std::monostate>) {
    } else {
        static_assert(is_described<T>,
                      "describe the struct with BOOST_DESCRIBE_STRUCT, or give it save() and restore()");
        boost::mp11::mp_for_each<Members<T>>([&](auto member) { get(value.*member.pointer); });
    }
}

}  // namespace almon
