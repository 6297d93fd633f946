// SPDX-License-Identifier: GPL-3.0-or-later
// What runs in the page: JsSIP with one account and at most one call, and an ear that records what is heard.
import JsSIP from 'jssip';

let agent;
let session;
let audio;
let ear;
let heard_track;

const microphone = { audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false }, video: false };

export function start(settings) {
  agent = new JsSIP.UA({
    sockets: [new JsSIP.WebSocketInterface(settings.url)],
    uri: `sip:${settings.username}@${settings.host}`,
    password: settings.password,
    register: true,
    register_expires: 600,
  });
  agent.on('registered', () => tell('registered', null));
  agent.on('registrationFailed', (data) => tell('registration failed', data.cause));
  agent.on('disconnected', () => tell('disconnected', null));
  agent.on('newRTCSession', (data) => take(data.session, data.originator, data.request));
  agent.start();
}

function take(news, originator, request) {
  session = news;
  for (const name of ['progress', 'accepted', 'confirmed'])
    news.on(name, (data) => tell(name, data.response ? { status: data.response.status_code, body: data.response.body } : null));
  for (const name of ['ended', 'failed']) news.on(name, (data) => tell(name, data.cause));
  news.on('newDTMF', (data) => data.originator === 'remote' && tell('digit', data.dtmf.tone));
  for (const name of ['hold', 'unhold']) news.on(name, (data) => tell(name, data.originator));
  if (news.connection) listen(news.connection);
  news.on('peerconnection', (data) => listen(data.peerconnection));
  if (originator === 'remote')
    tell('incoming', { from: request.from.uri.user, name: request.from.display_name, body: request.body });
}

/// A remote stream reaches WebAudio only while it also plays somewhere.
function listen(connection) {
  connection.addEventListener('iceconnectionstatechange', () => tell('ice', connection.iceConnectionState));
  connection.addEventListener('connectionstatechange', () => tell('connection', connection.connectionState));
  connection.addEventListener('track', (event) => {
    // Told again when a hold ends; it is still heard.
    if (event.track.id === heard_track) return;
    heard_track = event.track.id;
    const stream = new MediaStream([event.track]);
    const player = document.createElement('audio');
    player.muted = true;
    player.srcObject = stream;
    document.body.append(player);
    player.play();
    audio ??= new AudioContext();
    audio.resume();
    ear = audio.createScriptProcessor(4096, 1, 1);
    ear.heard = [];
    ear.onaudioprocess = (sound) => ear.heard.push(sound.inputBuffer.getChannelData(0).slice());
    audio.createMediaStreamSource(stream).connect(ear);
    ear.connect(audio.destination);
  });
}

const host = () => agent.configuration.uri.host;
const call = { mediaConstraints: microphone, pcConfig: { iceServers: [] } };

export function dial(number) {
  agent.call(`sip:${number}@${host()}`, call);
}
export function accept() {
  session.answer(call);
}
export function hang_up() {
  session.terminate();
}
export function press(digits, by) {
  session.sendDTMF(digits, { transportType: by, duration: 160, interToneGap: 100 });
}
/// True once the other side has agreed; false where it cannot be asked now.
const agreed = (ask) => new Promise((resolve) => ask(() => resolve(true)) || resolve(false));
export function hold() {
  return agreed((done) => session.hold({}, done));
}
export function resume() {
  return agreed((done) => session.unhold({}, done));
}
/// New candidates and credentials, as after a change of network.
export function restart_ice() {
  return agreed((done) => session.renegotiate({ rtcOfferConstraints: { iceRestart: true } }, done));
}
export function forget_heard() {
  if (ear) ear.heard = [];
}
/// Seconds recorded since forget_heard().
export function heard_seconds() {
  return ear ? ear.heard.length * 4096 / audio.sampleRate : 0;
}
/// All of it: the rate, and samples of 16 bits in base64.
export function heard() {
  const parts = ear ? ear.heard : [];
  const samples = new Int16Array(parts.length * 4096);
  parts.forEach((part, index) => part.forEach((value, at) => {
    samples[index * 4096 + at] = Math.max(-32768, Math.min(32767, Math.round(value * 32767)));
  }));
  let text = '';
  for (const byte of new Uint8Array(samples.buffer)) text += String.fromCharCode(byte);
  return { rate: audio ? audio.sampleRate : 48000, samples: btoa(text) };
}
/// How the media travels, as the browser's own statistics say.
export async function transport() {
  const found = {};
  for (const report of (await session.connection.getStats()).values()) {
    if (report.type === 'transport') Object.assign(found, { srtp: report.srtpCipher, dtls: report.dtlsState });
    if (report.type === 'inbound-rtp') found.received = report.packetsReceived;
  }
  return found;
}
