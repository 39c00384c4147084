-- Of each instance's latest ping: how many projects and lines of code there are of each value of
-- language, ci, scm and devops_platform.
SELECT member AS kind, name AS value, items AS projects, amount AS loc, _instance
FROM part
WHERE list = 'projects'
