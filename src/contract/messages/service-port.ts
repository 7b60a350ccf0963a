/** The type of the window message that delivers a service's port; apart, as the preload script takes nothing else. */
export const SERVICE_PORT = 'pretext:service-port';
