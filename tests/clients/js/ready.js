done(mainWindow?.document.readyState == "complete"
  && typeof mainWindow.openAccountHub == "function"
  && !!mainWindow.gMailInit?.delayedStartupFinished);
