// A file of its own, as the page's Content-Security-Policy allows no script within it.
SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  displayRequestDuration: true,
  // Nothing is asked of another host, and no credential outlives the page.
  validatorUrl: null,
  persistAuthorization: false,
});
