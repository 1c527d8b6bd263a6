/** What one relay gives to its peers, and why. */
export interface RelayLimits {
  /** Peers that hold a reservation, that is: that can be reached through this relay. */
  readonly maxReservations: number;
  /** Open connections; a peer without a reservation may still ask for introductions or call others. */
  readonly maxConnections: number;
  /** New connections a second from one address. Many peers share one behind a NAT, and all of them come back at once. */
  readonly maxConnectionsPerSecond: number;
  /** Milliseconds until a reservation has to be renewed. */
  readonly reservationTtl: number;
  /** Milliseconds that a relayed connection may last. */
  readonly relayedDuration: number;
  /** Bytes that may pass over a relayed connection, both directions together. */
  readonly relayedBytes: number;
}

export const DEFAULT_LIMITS: RelayLimits = {
  maxReservations: 4_096,
  maxConnections: 8_192,
  maxConnectionsPerSecond: 64,
  reservationTtl: 60 * 60_000,
  // A dial through the relay to a direct connection takes under a second on loopback, some seconds over bad networks.
  relayedDuration: 2 * 60_000,
  // Handshakes and the two WebRTC descriptions took 2 to 3 kB on loopback; who has many network interfaces sends ten times
  // the candidates. A post of one screen would fit once, a feed or a picture never.
  relayedBytes: 32 * 1_024,
};
