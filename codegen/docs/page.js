// A separate file, because the page's Content-Security-Policy allows no inline scripts.
fetch("/openapi.json")
  .then((response) => response.json())
  .then((contract) =>
    SwaggerUIBundle({
      // Requests go to the server that served the page.
      spec: { ...contract, servers: [{ url: "/" }] },
      dom_id: "#docs",
      deepLinking: true,
      displayRequestDuration: true,
      // No requests to other hosts, and no credential outlives the page.
      validatorUrl: null,
      persistAuthorization: false,
    }),
  );
