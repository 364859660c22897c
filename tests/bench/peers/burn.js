// burn: see rust-peer.js.
importScripts("rust-peer.js");

/* global rustPeer */
self.peer = rustPeer("burn");
