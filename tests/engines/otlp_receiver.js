// SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
// usage: node otlp_receiver.js FOLDER PORT [logs=ANSWER|metrics=ANSWER]...
// A collector for OTLP/HTTP that decodes with the official decoder, installed in FOLDER, and takes nothing that this does
// not give back as it came: no unknown key, no enum by name, no 64 bits as a number. Each request gets the next ANSWER
// of its kind, "ok" after the last one: ok, a status ("503"), a status and Retry-After ("429/2", "429/date" in two
// seconds), "partial/N" (all but N are taken), "echo" (401, with the credentials in the message), "moved", "hang" (none,
// ever), "drop" (closed without an answer), "cut" (closed in the middle of it).
// Prints "ready", then a line of JSON for each request.
'use strict';
const assert = require('assert');
const http = require('http');
const zlib = require('zlib');

const [folder, port, ...script] = process.argv.slice(2);
const root = require(folder + '/node_modules/@opentelemetry/otlp-transformer/build/src/generated/root.js');
const proto = root.opentelemetry.proto.collector;
const kinds = {
	'/v1/logs': { name: 'logs', type: proto.logs.v1.ExportLogsServiceRequest, rejected: 'rejectedLogRecords' },
	'/v1/metrics': { name: 'metrics', type: proto.metrics.v1.ExportMetricsServiceRequest, rejected: 'rejectedDataPoints' },
};
const began = process.hrtime.bigint();

function decode(type, bytes) {
	const said = JSON.parse(bytes);
	const message = type.fromObject(said);
	assert.strictEqual(type.verify(message), null);
	// by way of the wire: what has no place in a message does not come back
	const back = type.toObject(type.decode(type.encode(message).finish()), { longs: String, enums: Number });
	assert.deepStrictEqual(back, said);
	const resources = back.resourceLogs || back.resourceMetrics;
	assert(resources.length > 0, 'an empty request');
	for (const one of resources)
		for (const scope of one.scopeLogs || one.scopeMetrics)
			assert((scope.logRecords || scope.metrics).length > 0, 'an empty scope');
	return back;
}

function next(name) {
	const at = script.findIndex((word) => word.startsWith(name + '='));
	return at < 0 ? ['ok'] : script.splice(at, 1)[0].slice(name.length + 1).split('/');
}

function say(response, status, body, headers) {
	const bytes = JSON.stringify(body);
	response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
	response.end(bytes);
}

function answer(request, response, kind, [what, more]) {
	if (what === 'ok')
		say(response, 200, {});
	else if (what === 'partial')
		say(response, 200, { partialSuccess: { [kind.rejected]: more, errorMessage: 'no room\u001b[2J' } });
	else if (what === 'echo')
		say(response, 401, { code: 16, message: `not with ${request.headers.authorization}` });
	else if (what === 'moved')
		say(response, 307, {}, { Location: 'http://127.0.0.1:' + port + request.url });
	else if (what === 'drop')
		request.socket.destroy();
	else if (what === 'cut')
		response.writeHead(200, { 'Content-Length': 100 }).write('{', () => request.socket.destroy());
	else if (what !== 'hang')
		say(response, Number(what), { code: 3, message: 'not\nnow' }, more && {
			'Retry-After': more === 'date' ? new Date(Date.now() + 2000).toUTCString() : more,
		});
}

const server = http.createServer((request, response) => {
	const chunks = [];
	request.on('data', (chunk) => chunks.push(chunk));
	request.on('end', () => {
		const at_ms = Number((process.hrtime.bigint() - began) / 1000000n);
		const kind = kinds[request.url];
		const body = Buffer.concat(chunks), gzip = request.headers['content-encoding'] === 'gzip';
		const line = { at_ms, kind: kind && kind.name, url: request.url, headers: request.headers };
		try {
			assert.strictEqual(request.method, 'POST');
			assert.strictEqual(request.headers['content-type'], 'application/json');
			line.message = decode(kind.type, gzip ? zlib.gunzipSync(body) : body);
			line.answer = next(kind.name);
		} catch (error) {
			line.wrong = String(error.stack);
			line.answer = ['400'];
		}
		console.log(JSON.stringify(line));
		answer(request, response, kind, line.answer);
	});
});
server.keepAliveTimeout = 60000;
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
