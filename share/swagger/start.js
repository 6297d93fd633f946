// SPDX-License-Identifier: GPL-3.0-or-later
// Shows the document that each service makes of itself. services.json says where they are: on this port each has a
// folder of its own, which its document does not know of.
(async () => {
  const { services } = await (await fetch("services.json")).json();
  const pathOf = (address) => new URL(address, window.location.href).pathname;
  // Of the service whose document is shown.
  const folder = () =>
    services.find(({ folder, version }) => pathOf(window.ui.specSelectors.url()).startsWith(`${folder}/${version}/`))?.folder ?? "";
  window.ui = window.SwaggerUIBundle({
    dom_id: "#operations",
    urls: services.map(({ name, folder, version }) => ({ name, url: `${folder}/${version}/api/api.yml` })),
    presets: [window.SwaggerUIBundle.presets.apis, window.SwaggerUIStandalonePreset],
    layout: "StandaloneLayout",
    deepLinking: true,
    docExpansion: "none",
    filter: true,
    validatorUrl: null,
    requestInterceptor: (request) => {
      const url = new URL(request.url, window.location.href);
      if (!request.loadSpec && url.origin === window.location.origin) {
        url.pathname = folder() + url.pathname;
        request.url = url.href;
      }
      return request;
    },
  });
})();
