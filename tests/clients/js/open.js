tell(async () => {
  mainWindow.focus();
  if (!hub()?.open) {
    await mainWindow.openAccountHub("MAIL");
  }
});
