// (name, address): typed into the form.

const form = hub().querySelector("#emailAutoConfigSubview");
["realName", "email"].forEach((id, index) => {
  const input = form.querySelector("#" + id);
  input.focus();
  input.value = arguments[index];
  input.dispatchEvent(new mainWindow.InputEvent("input", {bubbles: true}));
});
done(true);
