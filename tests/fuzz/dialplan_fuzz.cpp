// SPDX-License-Identifier: GPL-3.0-or-later
// A file in the dialplan language, read and run from `s` of its first context: neither ends the program, and
// what goes in circles is stopped.
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <string>
#include <string_view>

#include "dialplan/interpreter.hpp"

namespace {

using namespace almon;

/// Remembers what is set, waits for nothing.
class Office final : public dialplan::Host {
public:
    std::string variable(std::string_view name) override {
        for (const auto& each : variables_) {
            if (each.bare_name() == name) return each.value;
        }
        return {};
    }
    void set(std::string_view name, std::string value) override {
        if (variables_.size() < 100) variables_.push_back({std::string(name), std::move(value)});
    }
    void set_global(std::string_view name, std::string value) override { set(name, std::move(value)); }
    Result<std::string> read(std::string_view, std::string_view) override {
        return refuse(ErrorCode::NotFound, "", "");
    }
    Result<void> write(std::string_view, std::string_view, std::string) override { return {}; }
    std::tm local_time(std::optional<std::int64_t>, std::string_view) override { return {}; }
    std::int64_t epoch() override { return 0; }
    std::uint64_t random_below(std::uint64_t) override { return 0; }
    void mistake(std::string_view) override {}
    dialplan::Flow run(std::string_view, std::string) override { return dialplan::Flow::Next; }
    void leave(const dialplan::Position&) override {}
    void step(const dialplan::Position&, std::string_view, std::string_view) override {
        // Long texts in long loops are slow, not wrong.
        if (++steps_ > 200) variables_.clear();
    }

private:
    std::vector<dialplan::Variable> variables_;
    int steps_ = 0;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read =
        dialplan::read_dialplan({{"a.conf", std::string(reinterpret_cast<const char*>(data), size)}}, {});
    if (read.dialplan == nullptr) return 0;
    for (const auto& [name, context] : read.dialplan->contexts()) {
        Office office;
        dialplan::Script script{{name, "s", 1}};
        static_cast<void>(dialplan::Interpreter(*read.dialplan, script, office).run());
        break;
    }
    return 0;
}
