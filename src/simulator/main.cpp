#include <CLI/CLI.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_future.hpp>
#include <motcua/simulator/play.hpp>
#include <motcua/simulator/simulator.hpp>

#include <csignal>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
using motcua::simulator::oa_package;
using motcua::simulator::oa_type;
using motcua::simulator::options;

// The secret from the file, or from the environment if no file is named. Line ends are no part of
// it.
std::string read_secret(const std::string& file)
{
    std::string secret;
    if (file.empty()) {
        // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread has started yet
        if (const char* value = std::getenv("MOTCUA_OA_SECRET_KEY"))
            secret = value;
    } else {
        std::ifstream in(file);
        secret.assign(std::istreambuf_iterator<char>(in), {});
    }
    while (secret.ends_with('\n') || secret.ends_with('\r'))
        secret.pop_back();
    if (secret.empty())
        throw std::runtime_error(
            "no OA secret key: name a file with --oa-secret-file or set MOTCUA_OA_SECRET_KEY");
    return secret;
}

// The app's secret from the environment; empty = any caller of OAuth is welcome.
std::string app_secret()
{
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no thread has started yet
    const char* value = std::getenv("MOTCUA_APP_SECRET_KEY");
    return value == nullptr ? std::string() : std::string(value);
}

void serve(const options& settings)
{
    asio::io_context context(1);
    const auto platform = motcua::simulator::make_simulator(context.get_executor(), settings);
    asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&platform](const boost::system::error_code& error, int /*signal*/) {
        if (!error)
            platform->stop();
    });
    std::exception_ptr failure;
    asio::co_spawn(context, platform->run(), [&signals, &failure](std::exception_ptr thrown) {
        failure = std::move(thrown);
        signals.cancel();
    });
    std::cout << "listening simulator " << platform->url() << std::endl;
    context.run();
    if (failure)
        std::rethrow_exception(failure);
}

// Plays the conversations one after the other; false if an answer was not as it must be.
bool play(const std::string& simulator_url, const std::vector<std::string>& files)
{
    asio::io_context context(1);
    bool good = true;
    for (const auto& file : files) {
        const auto script = motcua::simulator::read_conversation(file);
        auto playing = motcua::simulator::play_conversation(simulator_url, script);
        auto future = asio::co_spawn(context, std::move(playing), asio::use_future);
        context.restart();
        context.run();
        const auto played = future.get();
        std::cout << played.transcript << std::flush;
        for (const auto& complaint : played.complaints)
            std::cerr << complaint << '\n';
        good = good && played.complaints.empty();
    }
    return good;
}

int run(int argc, char** argv)
{
    CLI::App app("A stand-in for the Zalo platform: chat page, webhooks and message API");
    options settings;
    settings.server = "http://127.0.0.1:8080";
    settings.access_token = "simulated-access-token";
    std::string secret_file;
    double retry_scale = 1;
    const std::map<std::string, oa_type> types{
        {"any", oa_type::any},
        {"enterprise", oa_type::enterprise},
        {"state_agency", oa_type::state_agency}};
    app.add_option("--server", settings.server, "Public listener of the bot")
        ->capture_default_str();
    app.add_option("--ca-file", settings.ca_file, "Trust anchors (PEM) for an https server");
    app.add_option("--address", settings.address, "Address to listen on")->capture_default_str();
    app.add_option("--port", settings.port, "Port to listen on; 0 = any free one")
        ->capture_default_str();
    app.add_option("--tls-certificate", settings.tls_certificate, "Certificate chain (PEM)");
    app.add_option("--tls-key", settings.tls_key, "Its key (PEM)");
    app.add_option("--app-id", settings.app_id, "App id in events")->capture_default_str();
    app.add_option("--oa-id", settings.oa_id, "OA id in events")->capture_default_str();
    app.add_option(
        "--oa-secret-file",
        secret_file,
        "File with the OA secret key that signs webhooks; else MOTCUA_OA_SECRET_KEY");
    app.add_option("--access-token", settings.access_token, "Token that senders must present")
        ->capture_default_str();
    app.add_option(
        "--refresh-token",
        settings.refresh_token,
        "First refresh token, good for one use (else the demonstration's, good for any number)");
    app.add_option("--callback-url", settings.callback_url, "Callback registered with the app");
    std::int64_t token_life = settings.token_life.count();
    app.add_option("--token-life", token_life, "Life of an access token, seconds")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{31'536'000}))
        ->capture_default_str();
    bool revokes = false;
    app.add_flag(
        "--revoke-family", revokes, "A refresh token used twice kills all tokens of its consent");
    app.add_flag(
        "--old-token-lives",
        settings.old_access_token_lives,
        "A new access token leaves the old ones alive");
    app.add_option("--oa-type", settings.type, "any, enterprise (v3) or state_agency (v2)")
        ->transform(CLI::CheckedTransformer(types));
    const std::map<std::string, oa_package> packages{
        {"advanced", oa_package::advanced}, {"basic", oa_package::basic}};
    app.add_option("--package", settings.package, "advanced, or basic: words only, else -224")
        ->transform(CLI::CheckedTransformer(packages));
    app.add_flag("!--no-receipts", settings.receipts, "Send no received and seen receipts");
    app.add_flag("!--no-echoes", settings.echoes, "Send no oa_send_* events");
    app.add_option("--sends-per-minute", settings.sends_per_minute, "Beyond it: -32")
        ->capture_default_str();
    app.add_option("--retry-scale", retry_scale, "Factor on the waits of 30 s … 1 h of retries")
        ->check(CLI::Range(0.0, 100.0))
        ->capture_default_str();
    app.add_flag(
        "!--keep-subscription",
        settings.subscription_ends,
        "Go on sending events once the last retry of one has failed");
    auto* player =
        app.add_subcommand("play", "Hold scripted conversations through a running simulator");
    std::string simulator_url;
    std::vector<std::string> scripts;
    player->add_option("--simulator", simulator_url, "Its address")->required();
    player->add_option("files", scripts, "Conversations (docs/conversations.md)")->required();
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (*player)
        return play(simulator_url, scripts) ? 0 : 1;
    settings.oa_secret_key = read_secret(secret_file);
    settings.app_secret_key = app_secret();
    settings.token_life = std::chrono::seconds(token_life);
    if (revokes)
        settings.reuse = motcua::simulator::reused_refresh_token::revokes_family;
    if (settings.refresh_token.empty()) {
        settings.refresh_token = "simulated-refresh-token";
        settings.refresh_token_repeats = true;
    }
    for (auto& wait : settings.retry_waits)
        wait = std::chrono::duration_cast<std::chrono::milliseconds>(wait * retry_scale);
    serve(settings);
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::cerr << "motcua-zalo-sim: " << error.what() << '\n';
        return 1;
    }
}
