// SPDX-License-Identifier: GPL-3.0-or-later
#include "services/csv.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/utf8.hpp"

namespace almon::services {

namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

tl::unexpected<Error> malformed(std::string reason) {
    return refuse(ErrorCode::Malformed, "", std::move(reason));
}

/// Takes a text apart line by line.
class CsvReader final {
public:
    CsvReader(std::string_view text, const CsvLimits& limits) : rest_(text), limits_(limits) {}

    [[nodiscard]] bool at_end() const noexcept { return rest_.empty(); }
    [[nodiscard]] std::size_t line() const noexcept { return line_; }

    /// The fields up to the end of the line.
    Result<std::vector<std::string>> next() {
        std::vector<std::string> fields;
        line_ = next_line_;
        for (;;) {
            auto field = rest_.starts_with('"') ? quoted() : plain();
            if (!field) return refuse(field);
            if (field->size() > limits_.field)
                return malformed(
                    fmt::format("line {} has a field of more than {} bytes", line_, limits_.field));
            fields.push_back(*std::move(field));
            if (fields.size() > limits_.columns)
                return malformed(fmt::format("line {} has more than {} columns", line_, limits_.columns));
            if (!rest_.starts_with(',')) break;
            rest_.remove_prefix(1);
        }
        if (!rest_.empty()) {
            rest_.remove_prefix(rest_.starts_with("\r\n") ? 2 : 1);
            ++next_line_;
        }
        return fields;
    }

private:
    std::string plain() {
        const auto end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
        std::string field(rest_.substr(0, end));
        rest_.remove_prefix(end);
        return field;
    }

    Result<std::string> quoted() {
        std::string field;
        for (;;) {
            rest_.remove_prefix(1);
            const auto quote = rest_.find('"');
            if (quote == std::string_view::npos)
                return malformed(fmt::format("line {} leaves a quote open", line_));
            const auto part = rest_.substr(0, quote);
            next_line_ += static_cast<std::size_t>(std::count(part.begin(), part.end(), '\n'));
            field += part;
            rest_.remove_prefix(quote + 1);
            if (field.size() > limits_.field || !rest_.starts_with('"')) break;
            field += '"';
        }
        if (!rest_.empty() && rest_.find_first_of(",\r\n") != 0 && field.size() <= limits_.field)
            return malformed(fmt::format("line {} has text after a closing quote", line_));
        return field;
    }

    std::string_view rest_;
    const CsvLimits& limits_;
    std::size_t line_ = 1;
    std::size_t next_line_ = 1;
};

}  // namespace

Result<CsvTable> read_csv(std::string_view text, const CsvLimits& limits) {
    if (text.starts_with(kByteOrderMark))
        return malformed("The file begins with a byte order mark: save it as UTF-8 without one");
    if (!is_utf8(text)) return malformed("The file is not UTF-8");
    CsvReader reader(text, limits);
    CsvTable table;
    while (!reader.at_end()) {
        auto fields = reader.next();
        if (!fields) return refuse(fields);
        if (fields->size() == 1 && fields->front().empty()) continue;
        if (table.header.empty()) {
            table.header = *std::move(fields);
            continue;
        }
        if (fields->size() != table.header.size())
            return malformed(fmt::format("line {} has {} fields instead of {}", reader.line(), fields->size(),
                                         table.header.size()));
        if (table.rows.size() == limits.rows)
            return malformed(fmt::format("The file has more than {} rows: send several", limits.rows));
        table.rows.push_back(*std::move(fields));
    }
    if (table.header.empty()) return malformed("The file is empty: its first line must name the columns");
    return table;
}

void append_csv_line(std::string& out, const std::vector<std::string>& fields) {
    bool is_first = true;
    for (const auto& field : fields) {
        if (!std::exchange(is_first, false)) out += ',';
        // In front of a file the mark would be taken for one of the file.
        if (!field.starts_with(kByteOrderMark) && field.find_first_of(",\"\r\n") == std::string::npos) {
            out += field;
            continue;
        }
        out += '"';
        for (const char c : field) {
            if (c == '"') out += '"';
            out += c;
        }
        out += '"';
    }
    out += "\r\n";
}

}  // namespace almon::services
