// SPDX-License-Identifier: GPL-3.0-or-later
#include "http/content_negotiation.hpp"

#include <algorithm>

namespace almon::http {

namespace {

std::string_view without_parameters(std::string_view media_type) noexcept {
    return trim(media_type.substr(0, media_type.find(';')));
}

}  // namespace

bool accepts(const Request& request, std::string_view type) noexcept {
    const std::string_view kind = type.substr(0, type.find('/'));
    int specificity = 0;
    bool admitted = false;
    for (std::size_t index = 0; index < request.headers.size(); ++index) {
        const Headers::Field field = request.headers[index];
        if (!equal_ignoring_case(field.name, "Accept")) continue;
        std::string_view list = field.value;
        while (!list.empty()) {
            const std::size_t end = std::min(list.find(','), list.size());
            const std::string_view item = list.substr(0, end);
            list.remove_prefix(std::min(end + 1, list.size()));
            const std::string_view range = without_parameters(item);
            int fits = 0;
            if (equal_ignoring_case(range, type)) {
                fits = 3;
            } else if (range == "*/*" || range == "*") {
                fits = 1;
            } else if (range.ends_with("/*") &&
                       equal_ignoring_case(range.substr(0, range.size() - 2), kind)) {
                fits = 2;
            }
            if (fits <= specificity) continue;
            specificity = fits;
            admitted = list_admits(item, range);
        }
    }
    return admitted;
}

bool has_content_type(const Request& request, std::string_view type) noexcept {
    return equal_ignoring_case(without_parameters(request.headers.get("Content-Type")), type);
}

}  // namespace almon::http
