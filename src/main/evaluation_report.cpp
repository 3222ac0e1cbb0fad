#include "evaluation_report.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string_view>

namespace motcua {
namespace {

using json = nlohmann::ordered_json;

constexpr std::size_t confusions_shown = 15;
constexpr std::size_t weak_intents_shown = 10;

// Five decimals: enough to compare, short to read.
double rounded(double value)
{
    return std::round(value * 1e5) / 1e5;
}

template <class Entry>
const Entry& worst_noise(const std::vector<Entry>& kinds, double (*score)(const Entry&))
{
    const auto* worst = &kinds.front();
    for (std::size_t i = 1; i < kinds.size(); ++i)
        if (i == 1 || score(kinds[i]) < score(*worst))
            worst = &kinds[i];
    return *worst;
}

double macro_f1(const evaluation::classified& one)
{
    return one.figures.macro_f1;
}

double recall_at_3(const evaluation::searched& one)
{
    return one.figures.recall_at_3;
}

json json_of(const understand::classification_figures& figures)
{
    json intents = json::object();
    for (const auto& one : figures.intents)
        intents[one.intent] = {
            {"messages", one.messages},
            {"said", one.said},
            {"precision", rounded(one.precision)},
            {"recall", rounded(one.recall)},
            {"f1", rounded(one.f1)}};
    json confusions = json::array();
    for (const auto& one : figures.confusions)
        confusions.push_back({{"truth", one.truth}, {"said", one.said}, {"count", one.count}});
    json bins = json::array();
    for (const auto& one : figures.reliability)
        bins.push_back(
            {{"from", rounded(one.from)},
             {"to", rounded(one.to)},
             {"messages", one.messages},
             {"confidence", rounded(one.confidence)},
             {"right", rounded(one.right)}});
    return {
        {"messages", figures.messages},
        {"accuracy", rounded(figures.accuracy)},
        {"macro_f1", rounded(figures.macro_f1)},
        {"calibration_error", rounded(figures.calibration_error)},
        {"answered", rounded(figures.answered)},
        {"asked", rounded(figures.asked)},
        {"wrong_when_answered", rounded(figures.wrong_when_answered)},
        {"wrong_answers", rounded(figures.wrong_answers)},
        {"per_intent", std::move(intents)},
        {"confusions", std::move(confusions)},
        {"reliability", std::move(bins)}};
}

json json_of(const understand::rejection_figures& figures)
{
    json value = {
        {"own", figures.own},
        {"foreign", figures.foreign},
        {"area", rounded(figures.area)},
        {"kept", rounded(figures.kept)},
        {"rejected", rounded(figures.rejected)}};
    for (const auto& point : figures.curve) {
        const auto percent = static_cast<int>(std::lround(point.kept_at_least * 100));
        value["rejected_at_" + std::to_string(percent)] = rounded(point.rejected);
    }
    return value;
}

json json_of(const understand::search_figures& figures)
{
    return {
        {"queries", figures.queries},
        {"foreign", figures.foreign},
        {"recall_at_1", rounded(figures.recall_at_1)},
        {"recall_at_3", rounded(figures.recall_at_3)},
        {"recall_at_5", rounded(figures.recall_at_5)},
        {"mean_reciprocal_rank", rounded(figures.mean_reciprocal_rank)},
        {"answered", rounded(figures.answered)},
        {"asked", rounded(figures.asked)},
        {"wrong_when_answered", rounded(figures.wrong_when_answered)},
        {"wrong_answers", rounded(figures.wrong_answers)},
        {"foreign_answered", rounded(figures.foreign_answered)}};
}

// ---- text

std::string percent(double share)
{
    return fmt::format("{:.1f}", share * 100);
}

void print_intents(const evaluation& measured, std::ostream& out)
{
    out << fmt::format(
        "Intents: {} held-out messages, {} procedures searched, model {}\n\n",
        measured.intents.front().figures.messages,
        measured.procedures,
        measured.model_version);
    out << "  noise             macro-F1  accuracy  answered  asked  wrong of answered  ECE\n";
    const auto& worst = worst_noise(measured.intents, macro_f1);
    const auto row = [&out](std::string_view name, const auto& figures, std::string_view note) {
        out << fmt::format(
            "  {:<18}{:>7}{:>10}{:>10}{:>7}{:>19}  {:.3f}{}\n",
            name,
            percent(figures.macro_f1),
            percent(figures.accuracy),
            percent(figures.answered),
            percent(figures.asked),
            percent(figures.wrong_when_answered),
            figures.calibration_error,
            note);
    };
    for (const auto& one : measured.intents)
        row(one.noise, one.figures, &one == &worst ? "  <- worst noise" : "");
    row("all noise", measured.noisy_intents, "");
}

void print_weakest(const evaluation& measured, std::ostream& out)
{
    const auto& clean = measured.intents.front().figures;
    auto weakest = clean.intents;
    std::erase_if(weakest, [](const auto& one) { return one.messages == 0 || one.f1 >= 1; });
    std::ranges::stable_sort(weakest, {}, &understand::intent_figures::f1);
    weakest.resize(std::min(weakest.size(), weak_intents_shown));
    out << "\nWeakest intents, clean           messages  precision  recall     F1\n";
    for (const auto& one : weakest)
        out << fmt::format(
            "  {:<31}{:>8}{:>11}{:>8}{:>7}\n",
            one.intent,
            one.messages,
            percent(one.precision),
            percent(one.recall),
            percent(one.f1));
    const auto confusions = [&out](const auto& figures, std::string_view which) {
        out << "\nTaken for another, " << which << '\n';
        for (std::size_t i = 0; i < std::min(figures.confusions.size(), confusions_shown); ++i) {
            const auto& one = figures.confusions[i];
            out << fmt::format("  {:>4}  {} -> {}\n", one.count, one.truth, one.said);
        }
    };
    confusions(clean, "clean");
    confusions(measured.noisy_intents, "all noise");
}

void print_calibration(const evaluation& measured, std::ostream& out)
{
    out << "\nConfidence and truth, all noise\n  confidence    messages   mean  right\n";
    for (const auto& bin : measured.noisy_intents.reliability)
        out << fmt::format(
            "  {:>3.0f}-{:<3.0f}{:>15}{:>7}{:>7}\n",
            bin.from * 100,
            bin.to * 100,
            bin.messages,
            percent(bin.confidence),
            percent(bin.right));
}

void print_foreign(
    const understand::rejection_figures& figures, std::string_view which, std::ostream& out)
{
    out << fmt::format(
        "\nForeign messages, {}: {} beside {} own\n", which, figures.foreign, figures.own);
    if (figures.foreign == 0)
        return;
    for (const auto& point : figures.curve)
        out << fmt::format(
            "  rejected {:>5} % when {:.0f} % of the own are kept\n",
            percent(point.rejected),
            point.kept_at_least * 100);
    out << fmt::format(
        "  area {:.3f}; with the model's own thresholds {} % rejected, {} % kept\n",
        figures.area,
        percent(figures.rejected),
        percent(figures.kept));
}

void print_search(const evaluation::query_set& set, std::ostream& out)
{
    const auto& clean = set.kinds.front().figures;
    out << fmt::format(
        "\nSearch, {}: {} queries, {} foreign", set.name, clean.queries, clean.foreign);
    if (set.left_out > 0)
        out << fmt::format(", {} left out (no such procedure here)", set.left_out);
    out << "\n  noise               R@1    R@3    R@5    MRR  answered  wrong of answered\n";
    const auto& worst = worst_noise(set.kinds, recall_at_3);
    for (const auto& one : set.kinds)
        out << fmt::format(
            "  {:<18}{:>5}{:>7}{:>7}{:>7.3f}{:>10}{:>19}{}\n",
            one.noise,
            percent(one.figures.recall_at_1),
            percent(one.figures.recall_at_3),
            percent(one.figures.recall_at_5),
            one.figures.mean_reciprocal_rank,
            percent(one.figures.answered),
            percent(one.figures.wrong_when_answered),
            &one == &worst ? "  <- worst noise" : "");
}

// ---- thresholds

const json& figure_named(const json& figures, const std::string& name, const std::string& place)
{
    const json* at = &figures;
    for (std::size_t begin = 0; begin <= name.size();) {
        const auto end = std::min(name.find('.', begin), name.size());
        const auto found = at->find(name.substr(begin, end - begin));
        if (!at->is_object() || found == at->end())
            throw std::runtime_error(
                fmt::format("{}: the figure {} was not measured", place, name));
        at = &*found;
        begin = end + 1;
    }
    if (!at->is_number())
        throw std::runtime_error(place + ": " + name + " is not a figure");
    return *at;
}

} // namespace

nlohmann::ordered_json to_json(const evaluation& measured)
{
    json noise = json::object();
    for (const auto& one : measured.intents)
        noise[one.noise] = json_of(one.figures);
    const auto& worst = worst_noise(measured.intents, macro_f1);
    json intents = {
        {"model_version", measured.model_version},
        {"clean", noise["clean"]},
        {"worst_noise", {{"kind", worst.noise}, {"macro_f1", rounded(worst.figures.macro_f1)}}},
        {"all_noise", json_of(measured.noisy_intents)}};
    noise.erase("clean");
    intents["noise"] = std::move(noise);

    json sets = json::object();
    for (const auto& set : measured.queries) {
        json kinds = json::object();
        for (const auto& one : set.kinds)
            kinds[one.noise] = json_of(one.figures);
        const auto& hardest = worst_noise(set.kinds, recall_at_3);
        kinds["worst_noise"] = {
            {"kind", hardest.noise}, {"recall_at_3", rounded(hardest.figures.recall_at_3)}};
        kinds["left_out"] = set.left_out;
        sets[set.name] = std::move(kinds);
    }
    json latencies = json::object();
    for (const auto& one : measured.latencies)
        latencies[one.part] = {{"p50", rounded(one.p50)}, {"p99", rounded(one.p99)}};
    return {
        {"intents", std::move(intents)},
        {"foreign",
         {{"clean", json_of(measured.foreign)}, {"all_noise", json_of(measured.noisy_foreign)}}},
        {"procedures", measured.procedures},
        {"search", std::move(sets)},
        {"latency_us", std::move(latencies)}};
}

void print_text(const evaluation& measured, std::ostream& out)
{
    print_intents(measured, out);
    print_weakest(measured, out);
    print_calibration(measured, out);
    print_foreign(measured.foreign, "clean", out);
    print_foreign(measured.noisy_foreign, "all noise", out);
    for (const auto& set : measured.queries)
        print_search(set, out);
    out << "\nProcessor time, microseconds  p50     p99\n";
    for (const auto& one : measured.latencies)
        out << fmt::format("  {:<23}{:>8.0f}{:>8.0f}\n", one.part, one.p50, one.p99);
}

std::vector<std::string>
missed_thresholds(const nlohmann::ordered_json& figures, const std::filesystem::path& file)
{
    YAML::Node root;
    try {
        root = YAML::LoadFile(file.string());
    } catch (const YAML::Exception& failure) {
        throw std::runtime_error(file.string() + ": " + failure.what());
    }
    if (!root.IsMap())
        throw std::runtime_error(file.string() + ": at_least and at_most are expected");
    std::vector<std::string> missed;
    for (const auto& section : root) {
        const auto kind = section.first.as<std::string>();
        if (kind != "at_least" && kind != "at_most")
            throw std::runtime_error(
                file.string() + ": unknown key " + kind + ": at_least or at_most is expected");
        for (const auto& entry : section.second) {
            const auto place = file.string() + ":" + std::to_string(entry.first.Mark().line + 1);
            const auto name = entry.first.as<std::string>();
            double limit = 0;
            if (!YAML::convert<double>::decode(entry.second, limit))
                throw std::runtime_error(fmt::format("{}: {} needs a number", place, name));
            const auto value = figure_named(figures, name, place).get<double>();
            if (kind == "at_least" ? value < limit : value > limit)
                missed.push_back(fmt::format(
                    "{}: {} is {}, must be {} {}",
                    place,
                    name,
                    value,
                    kind == "at_least" ? "at least" : "at most",
                    limit));
        }
    }
    return missed;
}

} // namespace motcua
