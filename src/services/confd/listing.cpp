// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/confd/listing.hpp"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/utf8.hpp"
#include "base/whole_number.hpp"
#include "services/confd/resource_view.hpp"

namespace almon::services {

namespace json = boost::json;
using model::Declaration;
using model::Field;
using model::Snapshot;

namespace {

tl::unexpected<Error> wrong(std::string_view parameter, std::string reason) {
    return refuse(ErrorCode::InvalidArgument, std::string(parameter), std::move(reason));
}

Result<std::size_t> number_in(const http::Query& query, std::string_view name, std::size_t fallback,
                              std::size_t least) {
    const auto text = query.find(name);
    if (!text) return fallback;
    const auto number = whole_number<std::size_t>(*text);
    if (!number || *number < least)
        return wrong(name, least > 0 ? "must be a positive number" : "must be a number from 0");
    return *number;
}

bool contains(std::string_view text, std::string_view part) {
    return ::memmem(text.data(), text.size(), part.data(), part.size()) != nullptr;
}

/// What asks for an exact value.
struct Demand {
    const Field* field;
    std::string value;
};

/// A value as it is compared: numbers by size, texts without case and accents, nothing first.
struct SortKey {
    std::int64_t number = std::numeric_limits<std::int64_t>::min();
    std::string text;
    friend auto operator<=>(const SortKey&, const SortKey&) = default;
};

SortKey sort_key(const Field& field, const void* resource) {
    const auto value = field.get(resource);
    SortKey key;
    if (value.is_string())
        key.text = search_form(value.get_string());
    else if (value.is_bool())
        key.number = value.get_bool() ? 1 : 0;
    else if (value.is_number())
        key.number = value.to_number<std::int64_t>();
    return key;
}

bool shows_as(const json::value& value, std::string_view text) {
    if (value.is_string()) return value.get_string() == text;
    if (value.is_bool()) return (value.get_bool() ? "true" : "false") == text;
    if (value.is_number()) return json::serialize(value) == text;
    return text.empty();
}

struct Wanted {
    std::string search;
    const Field* order = nullptr;
    bool descending = false;
    std::size_t limit = 0;
    std::size_t offset = 0;
    std::vector<Demand> demands;
    std::vector<std::pair<const model::Filter*, std::string>> filters;
    const model::View* view = nullptr;
};

Result<Wanted> wanted_by(const Declaration& declaration, const http::Query& query) {
    Wanted wanted;
    for (const auto& [name, value] : query.parameters()) {
        if (name == "search") {
            wanted.search = search_form(value);
        } else if (name == "order") {
            wanted.order = declaration.find(value);
            if (wanted.order == nullptr || !wanted.order->is_sortable)
                return wrong(
                    name, "'" + value + "' is not a field that " + declaration.title + " can be ordered by");
        } else if (name == "direction") {
            if (value != "asc" && value != "desc") return wrong(name, "must be asc or desc");
            wanted.descending = value == "desc";
        } else if (name == "view" && !declaration.views.empty()) {
            const auto view = std::find_if(declaration.views.begin(), declaration.views.end(),
                                           [&](const auto& candidate) { return candidate.name == value; });
            if (view == declaration.views.end()) return wrong(name, "'" + value + "' is not known");
            wanted.view = &*view;
        } else if (const auto filter =
                       std::find_if(declaration.filters.begin(), declaration.filters.end(),
                                    [&](const auto& candidate) { return candidate.name == name; });
                   filter != declaration.filters.end()) {
            if (std::find(filter->choices.begin(), filter->choices.end(), value) == filter->choices.end())
                return wrong(name, "'" + value + "' is not known");
            wanted.filters.emplace_back(&*filter, value);
        } else if (const auto* field = declaration.find(name);
                   field != nullptr && !field->is_hidden && !field->is_secret && !field->is_write_only) {
            wanted.demands.push_back({field, value});
        }
    }
    const auto limit = number_in(query, "limit", std::numeric_limits<std::size_t>::max(), 1);
    if (!limit) return refuse(limit);
    const auto skip = number_in(query, "skip", 0, 0);
    if (!skip) return refuse(skip);
    const auto offset = number_in(query, "offset", *skip, 0);
    if (!offset) return refuse(offset);
    wanted.limit = *limit;
    wanted.offset = *offset;
    return wanted;
}

/// A page as it grows.
class Page final {
public:
    Page(const Declaration& declaration, const model::View* view, const Snapshot& snapshot)
        : declaration_(declaration), view_(view), snapshot_(snapshot) {
        text_.reserve(65'536);
        text_ = "{\"items\":[";
    }
    void add(const void* resource) {
        if (!is_empty_) text_ += ',';
        is_empty_ = false;
        if (view_ != nullptr)
            view_->write(text_, resource, snapshot_);
        else
            write_view(text_, declaration_, resource, snapshot_);
    }
    std::string finish(std::size_t total) && {
        text_ += "],\"total\":" + std::to_string(total) + '}';
        return std::move(text_);
    }

private:
    const Declaration& declaration_;
    const model::View* view_;
    const Snapshot& snapshot_;
    std::string text_;
    bool is_empty_ = true;
};

/// All that fits, by id.
std::vector<const void*> found_by(const Wanted& wanted, const Declaration& declaration,
                                  const Snapshot& snapshot) {
    std::vector<std::uint64_t> also_found;
    if (!wanted.search.empty() && declaration.also_found != nullptr) {
        also_found = declaration.also_found(wanted.search, snapshot);
        std::sort(also_found.begin(), also_found.end());
    }
    std::vector<const void*> found;
    snapshot.stored(declaration).for_each([&](std::uint64_t id, const Snapshot::Stored& stored) {
        const void* resource = stored.resource.get();
        if (!wanted.search.empty() && !contains(stored.search_form, wanted.search) &&
            !std::binary_search(also_found.begin(), also_found.end(), id))
            return;
        for (const auto& [field, value] : wanted.demands) {
            if (!shows_as(field->get(resource), value)) return;
        }
        for (const auto& [filter, value] : wanted.filters) {
            if (!filter->admits(resource, value, snapshot)) return;
        }
        found.push_back(resource);
    });
    return found;
}

void order(std::vector<const void*>& found, const Wanted& wanted) {
    if (wanted.order == nullptr) {
        if (wanted.descending) std::reverse(found.begin(), found.end());
        return;
    }
    std::vector<std::pair<SortKey, const void*>> keyed;
    keyed.reserve(found.size());
    for (const void* resource : found)
        keyed.emplace_back(sort_key(*wanted.order, resource), resource);
    std::stable_sort(keyed.begin(), keyed.end(), [&](const auto& a, const auto& b) {
        return wanted.descending ? b.first < a.first : a.first < b.first;
    });
    std::transform(keyed.begin(), keyed.end(), found.begin(), [](const auto& pair) { return pair.second; });
}

}  // namespace

Result<std::string> list_of(const Declaration& declaration, const http::Query& query,
                            const Snapshot& snapshot) {
    const auto wanted = wanted_by(declaration, query);
    if (!wanted) return refuse(wanted);
    Page page(declaration, wanted->view, snapshot);

    const bool everything = wanted->search.empty() && wanted->demands.empty() && wanted->filters.empty();
    if (everything && wanted->order == nullptr && !wanted->descending) {
        // As they lie: nothing beyond the page is looked at.
        std::size_t skipped = 0, taken = 0;
        snapshot.stored(declaration).for_each([&](std::uint64_t, const Snapshot::Stored& stored) {
            if (taken == wanted->limit) return false;
            if (skipped < wanted->offset) {
                ++skipped;
            } else {
                page.add(stored.resource.get());
                ++taken;
            }
            return true;
        });
        return std::move(page).finish(snapshot.count(declaration));
    }

    auto found = found_by(*wanted, declaration, snapshot);
    order(found, *wanted);
    const auto first = std::min(wanted->offset, found.size());
    const auto last = first + std::min(wanted->limit, found.size() - first);
    for (auto at = first; at < last; ++at)
        page.add(found[at]);
    return std::move(page).finish(found.size());
}

}  // namespace almon::services
