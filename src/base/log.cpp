// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/log.hpp"

#include <array>
#include <atomic>
#include <utility>

#include <spdlog/async.h>
#include <spdlog/sinks/basic_file_sink.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace almon {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"trace", "debug", "info", "warning", "error", "critical"};
constexpr std::size_t kQueuedLines = 8192;

std::atomic<spdlog::logger*> output{nullptr};
std::atomic<LogLevel> least{LogLevel::Info};

spdlog::level::level_enum spdlog_level(LogLevel level) {
    static_assert(static_cast<int>(LogLevel::Trace) == spdlog::level::trace);
    static_assert(static_cast<int>(LogLevel::Critical) == spdlog::level::critical);
    return static_cast<spdlog::level::level_enum>(level);
}

bool is_control(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}

}  // namespace

struct LogOutput::Sink {
    std::shared_ptr<spdlog::details::thread_pool> thread;
    std::shared_ptr<spdlog::async_logger> logger;

    ~Sink() {
        spdlog::logger* mine = logger.get();
        output.compare_exchange_strong(mine, nullptr);
        logger->flush();
    }
};

Result<LogLevel> parse_log_level(std::string_view name) {
    for (std::size_t level = 0; level < kNames.size(); ++level) {
        if (kNames[level] == name) return static_cast<LogLevel>(level);
    }
    return refuse(ErrorCode::InvalidArgument, "log.level",
                  "is none of trace, debug, info, warning, error, critical");
}

bool logs(LogLevel level) noexcept {
    return level >= least.load(std::memory_order_relaxed) &&
           output.load(std::memory_order_relaxed) != nullptr;
}

void write_log(LogLevel level, std::string_view text) {
    spdlog::logger* logger = output.load(std::memory_order_acquire);
    if (logger == nullptr) return;
    std::string line;
    line.reserve(text.size());
    for (const char c : text) {
        if (is_control(c))
            fmt::format_to(std::back_inserter(line), "\\x{:02x}", static_cast<unsigned char>(c));
        else
            line.push_back(c);
    }
    logger->log(spdlog_level(level), spdlog::string_view_t(line));
}

Result<LogOutput> LogOutput::open(LogLevel level, const std::string& file) {
    try {
        spdlog::sink_ptr sink;
        if (file.empty())
            sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
        else
            sink = std::make_shared<spdlog::sinks::basic_file_sink_mt>(file);
        auto made = std::make_unique<Sink>();
        made->thread = std::make_shared<spdlog::details::thread_pool>(kQueuedLines, 1);
        made->logger = std::make_shared<spdlog::async_logger>("almon", std::move(sink), made->thread,
                                                              spdlog::async_overflow_policy::overrun_oldest);
        made->logger->set_level(spdlog_level(level));
        made->logger->set_pattern("%Y-%m-%d %H:%M:%S.%e %l: %v");
        made->logger->flush_on(spdlog::level::trace);
        least = level;
        output = made->logger.get();
        return LogOutput(std::move(made));
    } catch (const spdlog::spdlog_ex& exception) {
        return refuse(ErrorCode::Unavailable, "log.file", exception.what());
    }
}

LogOutput::LogOutput(std::unique_ptr<Sink> sink) noexcept : sink_(std::move(sink)) {}
LogOutput::LogOutput(LogOutput&&) noexcept = default;
LogOutput& LogOutput::operator=(LogOutput&&) noexcept = default;
LogOutput::~LogOutput() = default;

}  // namespace almon
