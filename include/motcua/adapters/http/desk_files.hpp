#pragma once

#include <motcua/adapters/http/server.hpp>

#include <filesystem>

// The web desk as `npm run build` leaves it (web/README.md): index.html, assets/ with hashed names,
// and beside a file its .gz and .br.
namespace motcua::http {

// Serves the desk on the staff listener. GET and HEAD only, else 405:
//   /assets/NAME         the file, good for ever; 404 if there is none of that name
//   /api…, /healthz      and the other addresses of the server itself go to `others`
//   everything else      index.html, asked for anew each time, so that a new desk is seen at once
// Each with ETag and the policy of web/README.md; .br or .gz if the browser takes it. All files are
// read now, at most 1000 files and 32 MiB, and only they are known afterwards, so no request names
// a path of the disk. Without a build the pages are 503 with a text that says what to do, and a
// warning is logged. Throws std::runtime_error if the folder is too large or cannot be read.
request_handler make_desk_routes(const std::filesystem::path& folder, request_handler others);

} // namespace motcua::http
